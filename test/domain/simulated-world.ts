import type { BankCalendar } from '../../src/domain/bank-calendar';
import type { CaseFacts, CaseState, Channel, Timetable } from '../../src/domain/case';
import { addDays, type Day, daysBetween } from '../../src/domain/day';
import type { Pause, RiskTier } from '../../src/domain/loan';
import { isPausedOn, pausedDaysWithin, pauseEndAfter } from '../../src/domain/paused-days';
import type { Policy } from '../../src/domain/policy';
import { timetable } from '../../src/domain/timetable';

/** Something that happens to a loan on a day, at a minute of it. */
export type Happening = { readonly day: number; readonly minute: number } & (
  | { readonly kind: 'paid-all' | 'paid-oldest' | 'resume' }
  | { readonly kind: 'pause'; readonly startsIn: number; readonly days: number | null }
  | { readonly kind: 'promise'; readonly days: number; readonly kept: boolean }
  | { readonly kind: 'ask-stage'; readonly stage: number }
  | { readonly kind: 'decide-legal'; readonly approved: boolean }
  | { readonly kind: 'retier'; readonly tier: RiskTier }
  | { readonly kind: 'task-ended'; readonly channel: Channel }
);

export interface Setting {
  readonly policy: Policy;
  readonly calendar: BankCalendar;
}

/** A loan in a world of few rules: what the database and everybody around the case would say of it. */
export class SimulatedWorld {
  legal: CaseFacts['legal'] = null;
  private pauses: Pause[] = [];
  private promises: { untilMs: number; kept: boolean }[] = [];
  private contacts = { made: 0, channels: new Set<Channel>(), visits: 0, lastAtMs: null as number | null };
  private offered: string[] = [];
  private escalateTo: string | null = null;
  private paid = false;
  private wholePlan: { readonly of: readonly unknown[]; readonly plan: Timetable } | null = null;

  constructor(
    private readonly setting: Setting,
    private tier: RiskTier,
    private anchorDay: Day,
  ) {}

  happen(what: Happening, atMs: number): void {
    const { calendar, policy } = this.setting;
    const today = calendar.dayOf(atMs);
    switch (what.kind) {
      case 'paid-all':
        this.paid = true;
        return;
      case 'paid-oldest':
        this.anchorDay = addDays(this.anchorDay, 30);
        return;
      case 'pause': {
        const from = addDays(today, what.startsIn);
        this.pauses = [...this.pauses, { from, until: what.days === null ? null : addDays(from, what.days) }];
        return;
      }
      case 'resume':
        this.pauses = this.pauses.map((pause) => (isPausedOn([pause], today) ? { ...pause, until: today } : pause));
        return;
      case 'promise':
        this.promises.push({ untilMs: calendar.startOfDayMs(addDays(today, what.days + 2)), kept: what.kept });
        return;
      case 'ask-stage':
        this.escalateTo = policy.courses[this.tier][what.stage]?.name ?? null;
        return;
      case 'decide-legal':
        if (this.legal === 'proposed') this.legal = what.approved ? 'approved' : 'rejected';
        return;
      case 'retier':
        this.tier = what.tier;
        return;
      case 'task-ended':
        this.contactMade(what.channel, atMs);
        this.offered = ['arrangement'];
    }
  }

  contactMade(channel: Channel, atMs: number): void {
    this.contacts.made += 1;
    this.contacts.channels.add(channel);
    if (channel === 'visit') this.contacts.visits += 1;
    this.contacts.lastAtMs = atMs;
  }

  factsAt(nowMs: number, state: CaseState): CaseFacts {
    const { calendar } = this.setting;
    const today = calendar.dayOf(nowMs);
    const rawDpd = Math.max(0, daysBetween(this.anchorDay, today));
    const plan = this.plan(state);
    const isCourtesy = plan.stages.some(({ name, beforeDue }) => name === state.stage && beforeDue === true);
    const running = this.promises.filter(({ untilMs, kept }) => untilMs > nowMs && !kept);
    const holdMs = Math.max(...running.map(({ untilMs }) => untilMs));
    const end = pauseEndAfter(this.pauses, today);
    return {
      ...{ tier: this.tier, branch: 'north', assignee: null, currency: 'CNY', bucket: 'M1' },
      rawDpd,
      effectiveDpd: rawDpd - (rawDpd === 0 ? 0 : pausedDaysWithin(this.pauses, this.anchorDay, today)),
      overdueMinor: rawDpd * 100,
      cleared: this.paid || (rawDpd === 0 && !isCourtesy),
      pause: isPausedOn(this.pauses, today) ? { untilMs: end === null ? null : calendar.startOfDayMs(end) } : null,
      hold: running.length === 0 ? null : { untilMs: holdMs, reason: 'promise to pay' },
      contacts: { ...this.contacts, channels: [...this.contacts.channels] },
      brokenPromises: this.promises.filter(({ untilMs, kept }) => untilMs <= nowMs && !kept).length,
      offered: this.offered,
      escalateTo: this.escalateTo,
      legal: this.legal,
      timetable: plan,
    };
  }

  /** The timetable changes rarely, and making it is most of the work of a simulation. */
  private plan({ done }: CaseState): Timetable {
    const { policy, calendar } = this.setting;
    const { tier, anchorDay, pauses } = this;
    const of = [tier, anchorDay, pauses];
    if (this.wholePlan === null || of.some((part, index) => part !== this.wholePlan?.of[index])) {
      this.wholePlan = { of, plan: timetable(policy, tier, anchorDay, pauses, calendar, new Set()) };
    }
    const { stages, steps } = this.wholePlan.plan;
    return { stages, steps: steps.filter(({ key }) => !done.includes(key)) };
  }
}

import type { Flag, FlagName } from '../../src/domain/contact/flag';
import type { PastContact } from '../../src/domain/contact/past-contact';
import type { ContactRule } from '../../src/domain/contact/rule';
import type { Situation } from '../../src/domain/contact/situation';
import { dayNumber, dayText, minuteOf, type NaiveClock, weekdayNames } from './naive-clock';

const hourMs = 3_600_000;

/**
 * The rules once more, each as a plain yes or no for one instant, without any thought of a next one. Nothing here is taken
 * from the judgement that it is compared with.
 */
export function naivelyAllows(
  rule: ContactRule,
  s: Situation,
  atMs: number,
  clocks: readonly NaiveClock[],
  clockOf: (zone: string) => NaiveClock,
  isFestival: (day: string) => boolean,
): boolean {
  if (!rule.channels.includes(s.channel)) return true;
  if (rule.purposes !== undefined && !rule.purposes.includes(s.purpose)) return true;
  if (rule.places !== undefined && !rule.places.includes(s.contactPoint?.place ?? 'unknown')) return true;
  const days = clocks.map((clock) => clock.at(atMs).day);
  if (rule.from !== undefined && Math.max(...days) < dayNumber(rule.from)) return true;
  if (rule.until !== undefined && Math.min(...days) >= dayNumber(rule.until)) return true;

  const person = s.party.partyId;
  const ledger = madeOf(s);
  const flags = (names: readonly FlagName[]): Flag[] =>
    s.flags.filter(
      (one) =>
        names.includes(one.flag) &&
        [null, person].includes(one.partyId) &&
        (one.loanId === null || s.loanIds.includes(one.loanId)),
    );
  const isSet = (one: Flag): boolean => atMs >= one.fromMs && atMs < (one.untilMs ?? Infinity);
  const grants = (kind: string) =>
    s.grants.filter(
      (one) =>
        one.grant === kind &&
        (one.partyId ?? null) === person &&
        [null, s.channel].includes(one.channel) &&
        [null, s.contactPoint?.value ?? ''].includes(one.contactPoint) &&
        atMs >= one.atMs &&
        atMs < (one.untilMs ?? Infinity),
    );
  const happened = (event: string, loanId: string) =>
    s.events.filter((one) => one.event === event && [null, loanId].includes(one.loanId) && one.atMs <= atMs);
  /** Whether a call was, or would be, one that the rule leaves out. */
  const leftOut = (
    call: Pick<PastContact, 'atMs' | 'channel' | 'contactPoint' | 'partyRole' | 'partyId'> & Partial<PastContact>,
    counting: readonly NaiveClock[],
  ): boolean =>
    ('exclusions' in rule ? (rule.exclusions ?? []) : []).some((exclusion) => {
      if (exclusion === 'attorney') return call.partyRole === 'attorney';
      if (exclusion === 'not-connected') return call.connection === 'none';
      if (exclusion === 'connected') return call.connection === 'answered' || call.connection === 'conversation';
      return s.grants.some((one) => {
        if (one.grant !== exclusion.grant || ![null, call.channel].includes(one.channel)) return false;
        if (one.contactPoint !== null && one.contactPoint !== call.contactPoint) return false;
        if ((one.partyId ?? null) !== call.partyId) return false;
        if (call.atMs < one.atMs || call.atMs >= (one.untilMs ?? Infinity)) return false;
        return counting.every((clock) => clock.at(call.atMs).day - clock.at(one.atMs).day <= exclusion.days - 1);
      });
    });
  const thisOne = {
    ...{ atMs, channel: s.channel, contactPoint: s.contactPoint?.value ?? null, partyRole: s.party.role },
    partyId: person,
  };

  switch (rule.kind) {
    case 'timeWindow': {
      const mine = ledger.filter((row) => row.channel === s.channel && row.partyId === person && row.atMs <= atMs);
      const isOpenAt = (when: number): boolean =>
        clocks.every((clock) => {
          const { day, minute } = clock.at(when);
          if (rule.days !== undefined && !rule.days.includes(weekdayNames[day % 7]!)) return true;
          return minute >= minuteOf(rule.start) && minute < minuteOf(rule.end);
        });
      /** Whether something that was written in the last day, at night only or at any time, waits for its answer. */
      const waits = (nightOnly: boolean): boolean =>
        mine.some(
          (asked) =>
            asked.direction === 'inbound' &&
            atMs - asked.atMs < 24 * hourMs &&
            !(nightOnly && isOpenAt(asked.atMs)) &&
            !mine.some((row) => row.direction === 'outbound' && row.atMs >= asked.atMs),
        );
      const isExcepted = rule.exceptions?.some((one) => {
        if (one === 'reply') return waits(false);
        return 'reply' in one ? one.reply.includes(s.purpose) && waits(true) : grants(one.grant).length > 0;
      });
      return isExcepted === true || isOpenAt(atMs);
    }
    case 'quietDays':
      return days.every((day) => {
        const isWeekday = rule.days?.includes(weekdayNames[day % 7]!) === true;
        return !isWeekday && !(rule.calendar !== undefined && isFestival(dayText(day)));
      });
    case 'preference':
      return clocks.every((clock) => {
        const { day, minute } = clock.at(atMs);
        return s.inconvenient.every((wish) => {
          if (wish.channel !== null && wish.channel !== s.channel) return true;
          const [start, end] = [minuteOf(wish.start), minuteOf(wish.end)];
          const on = (one: number): boolean => wish.weekdays === null || wish.weekdays.includes(weekdayNames[one % 7]!);
          if (start < end) return !(on(day) && minute >= start && minute < end);
          return !(on(day) && minute >= start) && !(on(day - 1) && minute < end);
        });
      });
    case 'frequencyCap': {
      const counting = rule.zone === undefined ? clocks : [clockOf(rule.zone)];
      if (rule.while !== undefined && !flags(rule.while).some(isSet)) return true;
      if (rule.max === 0) return false;
      if (leftOut(thisOne, counting)) return true;
      const counted = ledger.filter(
        (row) =>
          row.direction === 'outbound' &&
          rule.channels.includes(row.channel) &&
          !(rule.purposes !== undefined && row.purpose !== null && !rule.purposes.includes(row.purpose)) &&
          !(rule.places !== undefined && row.place !== undefined && !rule.places.includes(row.place)) &&
          !(rule.countWhat === 'connected' && (row.connection === 'none' || row.connection === 'rang')) &&
          !leftOut(row, counting),
      );
      const sets =
        rule.scope === 'contactPoint'
          ? [
              counted.filter(
                (row) =>
                  [row.contactPoint, thisOne.contactPoint].includes(null) || row.contactPoint === thisOne.contactPoint,
              ),
            ]
          : (rule.scope === 'debt' ? s.loanIds : [null]).map((loan) =>
              counted.filter((row) => row.partyId === person && (loan === null || row.loanIds.includes(loan))),
            );
      const { window } = rule;
      return sets.every((rows) => {
        const inCalendar = counting.every((clock) => {
          const today = clock.at(atMs).day;
          const near = rows.filter((row) => {
            const day = clock.at(row.atMs).day;
            if (window === 'calendarMonth') return dayText(day).slice(0, 7) === dayText(today).slice(0, 7);
            return today - day >= 0 && today - day < (window === 'calendarDay' ? 1 : window.rollingDays);
          });
          return near.length < rule.max;
        });
        if (typeof window === 'string') return inCalendar;
        const recent = rows.filter((row) => row.atMs <= atMs && atMs - row.atMs < window.rollingDays * 24 * hourMs);
        return inCalendar && recent.length < rule.max;
      });
    }
    case 'cooldown':
      if (leftOut(thisOne, clocks)) return true;
      return ledger
        .filter(
          (row) =>
            rule.channels.includes(row.channel) &&
            row.partyId === person &&
            row.loanIds.some((loan) => s.loanIds.includes(loan)) &&
            (row.connection === null || row.connection === 'conversation') &&
            row.atMs <= atMs &&
            !leftOut(row, clocks),
        )
        .every((row) => clocks.every((clock) => clock.at(atMs).day - clock.at(row.atMs).day >= rule.days));
    case 'block': {
      if (rule.exceptRoles?.includes(s.party.role) === true) return true;
      const isAllowedPurpose = rule.allowedPurposes?.includes(s.purpose) === true;
      const optedOut = s.optOuts.some(
        (one) =>
          one.channel === s.channel &&
          one.atMs <= atMs &&
          [null, person].includes(one.partyId ?? null) &&
          (one.contactPoint === null || s.contactPoint === null || one.contactPoint === s.contactPoint.value),
      );
      if (rule.flags.includes('opt-out') && optedOut && !isAllowedPurpose) return false;
      return flags(rule.flags).every((one) => {
        if (atMs < one.fromMs) return true;
        const daysSince = (since: number): number =>
          Math.min(...clocks.map((clock) => clock.at(atMs).day - clock.at(since).day));
        const lapses = rule.lastsDays !== undefined && !(rule.unlessConfirmed === true && one.confirmed);
        const isOver =
          one.untilMs !== null
            ? atMs >= one.untilMs && (rule.afterEndDays === undefined || daysSince(one.untilMs) >= rule.afterEndDays)
            : lapses && daysSince(one.fromMs) >= rule.lastsDays;
        if (isOver) return true;
        const used = ledger.some(
          (row) =>
            row.direction === 'outbound' &&
            row.purpose === s.purpose &&
            row.partyId === person &&
            row.atMs >= one.fromMs &&
            row.atMs <= atMs &&
            row.loanIds.some((loan) => s.loanIds.includes(loan)),
        );
        const isOnce = rule.once === true || (Array.isArray(rule.once) && rule.once.includes(s.purpose));
        return isAllowedPurpose && !(isOnce && used);
      });
    }
    case 'confirmation':
      return s.optOuts.some((one) => {
        const sent = ledger.filter(
          (row) =>
            row.direction === 'outbound' &&
            row.channel === s.channel &&
            row.purpose === s.purpose &&
            row.atMs >= one.atMs,
        );
        return (
          one.channel === s.channel &&
          (one.contactPoint === null || one.contactPoint === s.contactPoint?.value) &&
          atMs >= one.atMs &&
          atMs - one.atMs <= rule.withinMinutes * 60_000 &&
          sent.length < rule.max
        );
      });
    case 'partyAllowList': {
      const terms = rule.parties[s.party.role];
      if (terms === undefined) return false;
      const made = ledger.filter((row) => row.direction === 'outbound' && row.partyId === person && row.atMs <= atMs);
      return (
        (terms.purposes === 'any' || terms.purposes.includes(s.purpose)) &&
        (terms.mayDiscloseDebt || !s.disclosesDebt) &&
        (terms.needs === undefined || flags(terms.needs).some(isSet)) &&
        made.length < (terms.maxContacts ?? Infinity)
      );
    }
    case 'consentBasis': {
      if (rule.voice !== undefined && s.artificialVoice !== true) return true;
      const isOldEnough = (since: number, after: number): boolean =>
        after === 0 || clocks.every((clock) => clock.at(atMs).day - clock.at(since).day >= after);
      const hasGround = rule.anyOf.some((one) =>
        grants(one.grant).some((given) => isOldEnough(given.atMs, one.afterDays ?? 0)),
      );
      const { fresh } = rule;
      const isFresh =
        fresh === undefined ||
        fresh.by.some((kind) => grants(kind).some((given) => atMs - given.atMs < fresh.days * 24 * hourMs));
      return hasGround && isFresh;
    }
    case 'noticeFirst': {
      if (s.purpose === 'legally-required') return true;
      if (rule.actors !== undefined && !rule.actors.includes(s.actor)) return true;
      return s.loanIds.every((loan) => {
        const notices = happened(rule.notice, loan);
        if (rule.when === undefined) return notices.length > 0;
        const causes = flags([rule.when]).filter((one) => [null, loan].includes(one.loanId) && isSet(one));
        return causes.every((cause) => notices.some((one) => one.atMs >= cause.fromMs));
      });
    }
    case 'workplace':
      return (
        s.contactPoint?.place !== 'work' ||
        s.contactPoint.employerAllows === true ||
        (rule.exceptions ?? []).some((one) => grants(one.grant).length > 0)
      );
    case 'contactPoint':
      if (s.channel === 'sms' && s.contactPoint?.takesSms === false) return false;
      return s.contactPoint === null || !rule.not.some((state) => state === s.contactPoint?.state);
    case 'deadline':
      if (rule.onMiss !== 'block' || s.purpose === 'legally-required') return true;
      return s.loanIds.every((loan) => {
        const begun = happened(rule.trigger, loan).map((one) => one.atMs);
        if (begun.length === 0 || happened(rule.action, loan).length > 0) return true;
        return clocks.every((clock) => {
          const firstDay = clock.at(Math.min(...begun)).day;
          const passed = clock.at(atMs).day - firstDay;
          if (rule.withinDays !== undefined) return passed <= rule.withinDays;
          const workdays = Array.from({ length: Math.max(0, passed) }, (_, index) => firstDay + index + 1).filter(
            (day) => !['sat', 'sun'].includes(weekdayNames[day % 7]!),
          );
          // Missed once the last working day of the term lies before today.
          return workdays.filter((day) => day < clock.at(atMs).day).length < (rule.withinWorkdays ?? 0);
        });
      });
    case 'limitation':
      return !(rule.deniedPurposes.includes(s.purpose) && flags(['time-barred']).some(isSet));
    case 'visit':
      if (s.visit === null) return true;
      return (
        s.visit.staff >= (rule.minStaff ?? 1) &&
        !(rule.recording === true && !s.visit.recorded) &&
        !(rule.identityCard === true && !s.visit.identityCard)
      );
    case 'contentRequire':
    case 'contentForbid':
    case 'retention':
    case 'handoff':
    case 'duty':
      return true;
  }
}

/** Whether somebody would be told of a debt that they did not sign for, as far as anybody knows. No rule is asked about that. */
export function naivelyTellsOfAnothersDebt({ party, disclosesDebt, loanIds }: Situation): boolean {
  if (!disclosesDebt || party.loanIds === undefined) return false;
  if (party.role !== 'co-borrower' && party.role !== 'guarantor') return false;
  const signed = new Set(party.loanIds);
  return loanIds.some((loanId) => !signed.has(loanId));
}

const knownMade = new WeakMap<Situation, readonly PastContact[]>();

/** Contacts that count as made. */
function madeOf(s: Situation): readonly PastContact[] {
  const known = knownMade.get(s);
  if (known !== undefined) return known;
  const made = s.ledger.filter(
    (row) => row.state !== 'released' && row.state !== 'denied' && !(row.state === 'failed' && !row.handedOver),
  );
  knownMade.set(s, made);
  return made;
}

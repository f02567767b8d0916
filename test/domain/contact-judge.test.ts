import { describe, expect, it } from '@jest/globals';
import { judgeContact } from '../../src/domain/contact/judge';
import type { ContactPack, ContactRule } from '../../src/domain/contact/rule';
import type { Situation } from '../../src/domain/contact/situation';
import {
  calendars,
  dailyCap,
  everyChannel,
  hours,
  judge,
  made,
  optOut,
  pack,
  sevenInSeven,
  situation,
} from './contact-samples';

const noon = '2026-03-02T12:00:00+08:00';

describe('the judgement', () => {
  it('names the rules that it applied, or those that spoke against', () => {
    const rules = [hours, dailyCap, optOut];
    expect(judge({ at: noon, rules })).toEqual({ kind: 'allow', rules: ['HOURS', 'DAILY', 'OPT-OUT'], conditions: [] });
    const atNight = judge({ at: '2026-03-02T22:00:00+08:00', rules, ledger: [made(noon)] });
    expect(atNight).toMatchObject({ kind: 'defer', rules: ['HOURS', 'DAILY'] });
  });

  it('waits for hours, not for the midnight at which a cap ends', () => {
    const verdict = judge({ at: noon, rules: [hours, dailyCap], ledger: [made('2026-03-02T09:00:00+08:00')] });
    expect(verdict).toMatchObject({ kind: 'defer', untilMs: Date.parse('2026-03-03T08:00:00+08:00') });
  });

  it('denies what is never allowed also at night, when other rules would only defer', () => {
    const optOuts = [{ channel: 'sms', contactPoint: null, atMs: 0 }] as const;
    expect(judge({ at: '2026-03-02T23:00:00+08:00', rules: [hours, optOut], optOuts }).kind).toBe('deny');
  });

  it('applies every pack, so that the strictest rule wins', () => {
    const asked = situation({ atMs: Date.parse(noon) });
    const later = { ...hours, id: 'LATER', start: '13:00' };
    const verdict = judgeContact(asked, [pack(hours), pack(later)], calendars);
    expect(verdict).toMatchObject({
      kind: 'defer',
      rules: ['LATER'],
      untilMs: Date.parse('2026-03-02T13:00:00+08:00'),
    });
  });

  it('denies what it does not know: no pack, no loan, no rule for the channel, no zone, a zone or kind of no name', () => {
    const kinds = (packs: readonly ContactPack[], changes: Partial<Situation> = {}) =>
      judgeContact(situation({ atMs: Date.parse(noon), ...changes }), packs, calendars).kind;
    expect(kinds([pack(hours)])).toBe('allow');
    expect(kinds([])).toBe('deny');
    expect(kinds([pack(sevenInSeven)])).toBe('deny');
    expect(kinds([pack(hours)], { loanIds: [] })).toBe('deny');
    expect(kinds([pack(hours)], { zones: [] })).toBe('deny');
    expect(kinds([pack(hours)], { zones: ['Asia/Shanghai', 'Mars/Olympus'] })).toBe('deny');
    for (const kind of ['moonPhase', 'toString', '__proto__']) {
      const unknown = { id: 'NEW', kind, channels: everyChannel } as unknown as ContactRule;
      const verdict = judgeContact(situation({ atMs: Date.parse(noon) }), [pack(hours, unknown)], calendars);
      expect(verdict).toMatchObject({ kind: 'deny', rules: ['NEW'] });
    }
  });

  it('can be repeated from what was kept of it', () => {
    const asked = situation({ atMs: Date.parse(noon), ledger: [made('2026-03-02T09:00:00+08:00')] });
    const packs = [pack(hours, dailyCap, optOut)];
    const kept = JSON.parse(JSON.stringify({ asked, packs })) as { asked: Situation; packs: ContactPack[] };
    expect(judgeContact(kept.asked, kept.packs, calendars)).toEqual(judgeContact(asked, packs, calendars));
  });
});

import { describe, expect, it } from '@jest/globals';
import { judgeContact, type Verdict } from '../../src/domain/contact/judge';
import type { PartyRole } from '../../src/domain/contact/party';
import type { PastContact } from '../../src/domain/contact/past-contact';
import { flagsReadByNone } from '../../src/domain/contact/read-flags';
import type { Situation } from '../../src/domain/contact/situation';
import { readPacks } from '../../src/policy/contact-pack';
import { formatProblem } from '../../src/policy/located-yaml';
import { checkPacksInForce, type PacksInForce, readPacksInForce } from '../../src/policy/packs-in-force';
import { calendars, call, flag, made, point, situation } from '../domain/contact-samples';

/** As it is written; the packs that it does not name are left out for a reason. */
async function check(text: string) {
  const all = await readPacks('policies/packs');
  const named = /^packs: \[(.*)\]$/m.exec(text)?.[1]?.split(', ') ?? [];
  const others = all.filter(({ id }) => !named.includes(id));
  const lines = others.map(({ id }) => `  - { pack: ${id}, reason: Nobody lives there., by: j, on: '2026-11-02' }\n`);
  return checkPacksInForce({ file: 'f.yaml', text: `${text}\nleftOut:\n${lines.join('')}` }, all);
}

async function inForce(text: string): Promise<PacksInForce> {
  const { inForce: found, problems } = await check(text);
  if (found === null) throw new Error(problems.map(formatProblem).join('\n'));
  return found;
}

function judge({ packs, actor }: PacksInForce, at: string, changes: Partial<Situation> = {}): Verdict {
  return judgeContact(situation({ actor, atMs: Date.parse(at), ...changes }), packs, calendars);
}

describe('the packs in force where nobody says otherwise', () => {
  const noon = '2026-03-02T12:00:00+08:00';
  const byDefault = () => readPacksInForce('policies/packs-in-force.yaml');

  it('are the house’s and mainland China’s, for a bank in its own name', async () => {
    const { actor, packs, changes } = await byDefault();
    expect(actor).toBe('CREDITOR');
    expect(packs.map(({ id }) => id)).toEqual(['house', 'cn']);
    expect(changes).toEqual([]);
  });

  it('let nobody be disturbed from nine in the evening to eight in the morning, in any way', async () => {
    const packs = await byDefault();
    for (const channel of ['sms', 'email', 'call', 'visit', 'letter'] as const) {
      const ask = (time: string) => judge(packs, `2026-03-02T${time}+08:00`, { channel });
      expect(ask('07:59:59')).toMatchObject({ kind: 'defer', untilMs: Date.parse('2026-03-02T08:00:00+08:00') });
      expect(ask('08:00:00').kind).toBe('allow');
      expect(ask('20:59:59').kind).toBe('allow');
      expect(ask('21:00:00').kind).toBe('defer');
    }
  });

  it('allow three calls a day and one message', async () => {
    const packs = await byDefault();
    const calls = [call('2026-03-02T09:00:00+08:00'), call('2026-03-02T10:00:00+08:00')];
    expect(judge(packs, noon, { channel: 'call', ledger: calls }).kind).toBe('allow');
    const third = [...calls, call('2026-03-02T11:00:00+08:00')];
    expect(judge(packs, noon, { channel: 'call', ledger: third }).kind).toBe('defer');
    expect(judge(packs, noon, { ledger: calls }).kind).toBe('allow');
    const mail = [made('2026-03-02T09:00:00+08:00', 'email', 'placed', { purpose: 'reminder' })];
    expect(judge(packs, noon, { ledger: mail }).kind).toBe('defer');
  });

  it('send two collectors to a visit, and nobody at the Spring Festival', async () => {
    const packs = await byDefault();
    expect(judge(packs, noon, { channel: 'visit' })).toMatchObject({ conditions: ['CN-VISIT-2', 'CN-VISIT-2-RECORD'] });
    const alone = { staff: 1, recorded: true, identityCard: true };
    expect(judge(packs, noon, { channel: 'visit', visit: alone })).toMatchObject({
      kind: 'deny',
      rules: ['CN-VISIT-2'],
    });
    const pair = { ...alone, staff: 2 };
    expect(judge(packs, noon, { channel: 'visit', visit: pair })).toMatchObject({ kind: 'allow', conditions: [] });
    expect(judge(packs, '2026-02-17T12:00:00+08:00', { channel: 'visit' }).kind).toBe('defer');
    expect(judge(packs, '2026-02-17T12:00:00+08:00').kind).toBe('allow');
  });

  it.each([
    'opt-out-review',
    'cease',
    'represented',
    'disputed',
    'insolvent',
    'deceased',
    'moratorium',
    'mental-health-moratorium',
    'advice-hold',
    'plan-active',
    'minor',
    'incapable',
    'sensitive',
  ] as const)('stop every collection while it is on record: %s', async (name) => {
    const flags = [flag(name, '2026-03-01T00:00:00Z')];
    expect(judge(await byDefault(), noon, { flags }).kind).toBe('deny');
    expect(judge(await byDefault(), noon, { flags, channel: 'call' }).kind).toBe('deny');
  });
});

describe('what a borrower or their situation asks for, where nobody says otherwise', () => {
  const noon = '2026-03-02T12:00:00+08:00';
  const byDefault = () => readPacksInForce('policies/packs-in-force.yaml');

  it('closes work to who asked not to be contacted there, whatever the employer allows, and nothing else', async () => {
    const flags = [flag('no-work-contact', '2026-03-01T00:00:00Z')];
    const ask = async (place: 'work' | 'home', channel: 'call' | 'sms', said = flags) => {
      const contactPoint = point({ place, employerAllows: true });
      return judge(await byDefault(), noon, { flags: said, channel, contactPoint });
    };
    expect(await ask('work', 'call', [])).toMatchObject({ kind: 'allow' });
    expect(await ask('work', 'call')).toMatchObject({ kind: 'deny', rules: ['HOUSE-NO-WORK-CONTACT'] });
    expect(await ask('work', 'sms')).toMatchObject({ kind: 'deny', rules: ['HOUSE-NO-WORK-CONTACT'] });
    expect(await ask('home', 'call')).toMatchObject({ kind: 'allow' });
  });

  it('leaves those who act for the incapable, or owe beside them, within reach', async () => {
    const flags = [flag('incapable', '2026-03-01T00:00:00Z')];
    const ask = async (role: PartyRole) => judge(await byDefault(), noon, { flags, party: { partyId: 'P', role } });
    expect(await ask('guarantor')).toMatchObject({ kind: 'allow' });
    expect(await ask('attorney')).toMatchObject({ kind: 'allow' });
    expect(judge(await byDefault(), noon, { flags, purpose: 'legally-required' })).toMatchObject({ kind: 'allow' });
  });

  it('is never put on record in silence: a flag that no rule reads is named', async () => {
    const { packs } = await byDefault();
    expect(flagsReadByNone(packs)).toEqual([
      'time-barred',
      'ownership-changed',
      'military-service',
      'fraud',
      'imprisonment',
      'disaster-area',
    ]);
    expect(flagsReadByNone(packs.filter(({ id }) => id === 'cn'))).toContain('sensitive');
  });
});

describe('several packs together', () => {
  it('leave the hours and the caps of the strictest', async () => {
    const both = await inForce('actor: AGENCY\npacks: [house, cn, in, us-regf]\n');
    const channel = 'call';
    expect(judge(both, '2026-08-03T19:00:00+08:00', { channel })).toMatchObject({
      kind: 'deny',
      rules: ['IN-CALL-REC'],
    });
    const events = [{ event: 'agent-notice', loanId: null, atMs: 0 }] as const;
    expect(judge(both, '2026-08-03T19:00:00+08:00', { channel, events })).toMatchObject({
      kind: 'defer',
      rules: ['IN-HOURS'],
      untilMs: Date.parse('2026-08-04T08:00:00+08:00'),
    });
    expect(judge(both, '2026-08-03T18:59:00+08:00', { channel, events }).kind).toBe('allow');
  });

  it('hold a text in Massachusetts to two a week, and India’s draft from its first day on', async () => {
    const ma = await inForce('actor: CREDITOR\npacks: [us-ma]\n');
    const ledger = [made('2026-03-02T15:00:00Z'), made('2026-03-03T15:00:00Z')];
    const zones = ['America/New_York'];
    const contactPoint = point({ place: 'home' });
    expect(judge(ma, '2026-03-04T15:00:00Z', { zones, ledger, contactPoint })).toMatchObject({
      kind: 'defer',
      rules: ['US-MA-CREDITOR-CALLS'],
    });
    const india = await inForce('actor: AGENCY\npacks: [in]\n');
    expect(judge(india, '2026-06-30T12:00:00+05:30', { zones: ['Asia/Kolkata'], channel: 'call' }).kind).toBe('allow');
    expect(judge(india, '2026-07-01T12:00:00+05:30', { zones: ['Asia/Kolkata'], channel: 'call' }).kind).toBe('deny');
  });

  it('hold calls and visits in Massachusetts to two a month at all places together that are not the home', async () => {
    const ma = await inForce('actor: CREDITOR\npacks: [us-ma]\n');
    const zones = ['America/New_York'];
    const [first, second, own] = ['+12025550101', '+12025550102', '+12025550103'];
    const at = (day: string, contactPoint: string, place?: 'home' | 'work') =>
      call(`2026-03-${day}T15:00:00Z`, 'rang', { contactPoint, place });
    const ask = (ledger: PastContact[], place: 'home' | 'work' | 'unknown', value = first) =>
      judge(ma, '2026-03-20T15:00:00Z', { zones, channel: 'call', ledger, contactPoint: point({ place, value }) });
    const elsewhere = { kind: 'defer', rules: ['US-MA-CREDITOR-CALLS-ELSEWHERE'] };
    expect(ask([at('02', first, 'work'), at('03', second, 'work')], 'work')).toMatchObject(elsewhere);
    expect(ask([at('02', second, 'work'), at('03', second)], 'unknown')).toMatchObject(elsewhere);
    expect(ask([at('02', own, 'home'), at('03', second, 'work')], 'work').kind).toBe('allow');
    expect(ask([at('02', first, 'work'), at('03', second, 'work')], 'home', own).kind).toBe('allow');
  });

  it('let an agency speak of the debt with the parent of a minor, and of nobody else', async () => {
    const us = await inForce('actor: AGENCY\npacks: [us-regf]\n');
    const asked = { party: { partyId: 'P', role: 'parent' }, channel: 'letter', zones: ['America/New_York'] } as const;
    const at = '2026-03-04T15:00:00Z';
    expect(judge(us, at, asked)).toMatchObject({ kind: 'deny', rules: ['US-REGF-3RDPARTY'] });
    expect(judge(us, at, { ...asked, flags: [flag('minor', '2026-03-01T00:00:00Z')] }).kind).toBe('allow');
  });

  it('let an agency answer at night what was written at night, and demand nothing then', async () => {
    const us = await inForce('actor: AGENCY\npacks: [us-regf]\n');
    const rules = us.packs[0]!.rules.filter(({ kind }) => kind === 'timeWindow');
    const packs = { ...us, packs: [{ ...us.packs[0]!, rules }] };
    const ask = (purpose: 'follow-up' | 'demand', written: string) => {
      const ledger = [made(written, 'sms', 'delivered', { direction: 'inbound' })];
      return judge(packs, '2026-03-04T22:30:00-05:00', { zones: ['America/New_York'], ledger, purpose }).kind;
    };
    expect(ask('follow-up', '2026-03-04T22:00:00-05:00')).toBe('allow');
    expect(ask('demand', '2026-03-04T22:00:00-05:00')).toBe('defer');
    expect(ask('follow-up', '2026-03-04T12:00:00-05:00')).toBe('defer');
  });

  it('hold Britain to three contacts a week', async () => {
    const uk = await inForce('actor: CREDITOR\npacks: [uk]\n');
    const ledger = [made('2026-03-02T12:00:00Z'), call('2026-03-03T12:00:00Z'), made('2026-03-03T15:00:00Z', 'email')];
    const zones = ['Europe/London'];
    expect(judge(uk, '2026-03-04T12:00:00Z', { zones, ledger })).toMatchObject({
      kind: 'defer',
      rules: ['UK-CONTACT-FREQUENCY'],
    });
  });

  it('wait for the end of a breathing space in Britain, and keep Sundays short', async () => {
    const uk = await inForce('actor: CREDITOR\npacks: [uk]\n');
    const zones = ['Europe/London'];
    const flags = [flag('moratorium', '2026-03-02T12:00:00Z')];
    const until = Date.parse('2026-05-01T08:00:00+01:00');
    expect(judge(uk, '2026-03-03T12:00:00Z', { zones, flags })).toMatchObject({ kind: 'defer', untilMs: until });
    expect(judge(uk, '2026-03-01T19:00:00Z', { zones }).kind).toBe('defer');
  });
});

describe('a rule that the bank changes', () => {
  const signed = "reason: Complaints about calls after eight., by: j.doe, on: '2026-11-02'";

  it('is adjusted for a reason, by somebody, on a day, and the pack is then another one', async () => {
    const changed = await inForce(
      `actor: CREDITOR\npacks: [house]\nchanges:\n  - { rule: HOUSE-HOURS, set: { end: '20:00' }, ${signed} }\n`,
    );
    expect(judge(changed, '2026-03-02T20:00:00+08:00').kind).toBe('defer');
    const plain = await inForce('actor: CREDITOR\npacks: [house]\n');
    expect(changed.packs[0]?.contentHash).not.toBe(plain.packs[0]?.contentHash);
    expect(changed.changes).toMatchObject([{ rule: 'HOUSE-HOURS', by: 'j.doe' }]);
  });

  it('is refused where it must keep a record for longer than another rule lets it', async () => {
    const most =
      'changes: [{ rule: EU-NPL-RECORDS, set: { clockStart: settlement, keepYears: 1, keepYearsMax: 4 }, reason: Counsel says so., by: j, on: "2026-11-02" }]';
    const { problems } = await check(`actor: CREDITOR\npacks: [house, eu]\n${most}\n`);
    expect(problems.map(formatProblem)).toEqual([
      'f.yaml:2:9 packs[0]: HOUSE-RECORDS keeps a record for 5 years and EU-NPL-RECORDS for 4 at most: adjust one of them',
    ]);
  });

  it('is refused where it counts the time of an unknown sender from a settlement', async () => {
    const change = `changes: [{ rule: HOUSE-UNKNOWN-SENDERS, set: { clockStart: settlement }, reason: Counsel says so., by: j, on: "2026-11-02" }]`;
    const { problems } = await check(`actor: CREDITOR\npacks: [house]\n${change}\n`);
    expect(problems.map(formatProblem).join()).toContain('must be made: of an unknown sender nothing else is known');
  });

  it('is switched off the same way', async () => {
    const changed = await inForce(
      `actor: CREDITOR\npacks: [cn]\nchanges:\n  - { rule: CN-HOLIDAY, switch: off, ${signed} }\n`,
    );
    expect(judge(changed, '2026-02-17T12:00:00+08:00', { channel: 'visit' }).kind).toBe('allow');
  });

  const head = 'actor: CREDITOR\npacks: [house]\nchanges:\n';
  it.each([
    [
      'without a reason',
      `${head}  - { rule: HOUSE-HOURS, switch: off, by: j.doe, on: '2026-11-02' }\n`,
      'f.yaml:4:5 changes[0]: must name rule, reason, by, on, and either switch: off or set',
    ],
    [
      'without a name',
      `${head}  - { rule: HOUSE-HOURS, switch: off, reason: Complaints after eight., on: '2026-11-02' }\n`,
      'f.yaml:4:5 changes[0]: must name rule, reason, by, on, and either switch: off or set',
    ],
    [
      'that is not in force',
      `${head}  - { rule: CN-HOURS, switch: off, ${signed} }\n`,
      'f.yaml:4:7 changes[0].rule: no rule CN-HOURS is in force',
    ],
    [
      'into another kind',
      `${head}  - { rule: HOUSE-HOURS, set: { kind: block }, ${signed} }\n`,
      'f.yaml:4:33 changes[0].set.kind: cannot be adjusted',
    ],
    [
      'into nonsense',
      `${head}  - { rule: HOUSE-CALLS-DAY, set: { max: -1 }, ${signed} }\n`,
      'f.yaml:4:37 changes[0].set.max: must be 0 or more',
    ],
    [
      'into a contradiction',
      `${head}  - { rule: HOUSE-HOURS, set: { end: '07:00' }, ${signed} }\n`,
      'f.yaml:4:33 changes[0].set.end: must lie after start',
    ],
    ['of a pack that is not there', 'actor: CREDITOR\npacks: [atlantis]\n', 'f.yaml:2:9 packs[0]: no pack "atlantis"'],
    [
      'for nobody',
      'actor: NEIGHBOUR\npacks: [house]\n',
      'f.yaml:1:1 actor: must be one of: CREDITOR, AGENCY, DEBT_BUYER',
    ],
  ])('is refused %s', async (_what, text, expected) => {
    expect((await check(text)).problems.map(formatProblem)).toContain(expected);
  });
});

describe('a pack that is law for the actor', () => {
  const asWritten = async (text: string) => {
    const { problems } = checkPacksInForce({ file: 'f.yaml', text }, await readPacks('policies/packs'));
    return problems.map(formatProblem);
  };
  const without = (...packs: string[]): string =>
    packs.map((pack) => `  - { pack: ${pack}, reason: Nobody lives there., by: j, on: '2026-11-02' }\n`).join('');

  it('is not dropped in silence: who leaves it out says why, and on which day', async () => {
    const text = `actor: CREDITOR\npacks: [house]\nleftOut:\n${without('eu', 'in', 'uk', 'us-ma')}`;
    expect(await asWritten(text)).toEqual([
      'f.yaml:2:1 packs: cn is law for CREDITOR: apply it, or name it under leftOut with reason, by and on (which day)',
    ]);
    expect(await asWritten(`${text}${without('cn')}`)).toEqual([]);
    expect(await asWritten(`${text}  - { pack: cn, by: j, on: '2026-11-02' }\n`)).toEqual([
      expect.stringContaining('leftOut[4].reason: is missing'),
    ]);
  });

  it('is not the house’s, whose limits are not dropped in silence either', async () => {
    const text = `actor: CREDITOR\npacks: [cn]\nleftOut:\n${without('eu', 'in', 'uk', 'us-ma')}`;
    expect(await asWritten(text)).toEqual([
      'f.yaml:2:1 packs: house holds the bank’s own limits: apply it, or name it under leftOut with reason, by and on (which day)',
    ]);
    expect(await asWritten(`${text}${without('house')}`)).toEqual([]);
  });

  it('is another one for an agency: what binds a creditor alone is no matter, and what binds agencies is', async () => {
    const text = `actor: AGENCY\npacks: [house, cn]\nleftOut:\n${without('eu', 'in', 'uk', 'us-ma', 'us-regf')}`;
    expect(await asWritten(text)).toEqual([expect.stringContaining('us-nyc is law for AGENCY')]);
  });

  it('is not left out and applied at once, nor named when there is none', async () => {
    const text = `actor: CREDITOR\npacks: [house, cn]\nleftOut:\n${without('eu', 'in', 'uk', 'us-ma', 'cn', 'moon')}`;
    expect(await asWritten(text)).toEqual([
      expect.stringContaining('leftOut[4].pack: cn is among the packs that apply'),
      expect.stringContaining('leftOut[5].pack: no pack "moon"'),
    ]);
  });
});

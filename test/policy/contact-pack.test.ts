import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import { type ContactRequest, judgeContact, type PastContact } from '../../src/domain/contact-rules';
import { checkPack, readPacks } from '../../src/policy/contact-pack';
import { formatProblem } from '../../src/policy/located-yaml';

const house = readFileSync('policies/packs/house.yaml', 'utf8');
const shanghai = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });

function problemsWith(part: string, other: string): readonly string[] {
  if (!house.includes(part)) throw new Error(`not in the pack: ${part}`);
  return checkPack({ file: 'h.yaml', text: house.replace(part, other) }).problems.map(formatProblem);
}

describe('the house’s own contact rules', () => {
  const day = '2026-03-02';
  const judge = async (channel: ContactRequest['channel'], time: string, ledger: readonly PastContact[] = []) => {
    const request = { channel, atMs: shanghai.instantAt(day, time), zones: ['Asia/Shanghai'] };
    return judgeContact(request, ledger, new Set(['email']), await readPacks('policies/packs'), () => shanghai);
  };
  const call = (time: string): PastContact => ({
    ...{ channel: 'call', atMs: shanghai.instantAt(day, time), state: 'placed', handedOver: true },
  });

  it('let nobody be disturbed from nine in the evening to eight in the morning, in any way', async () => {
    for (const channel of ['sms', 'call', 'visit', 'letter'] as const) {
      expect(await judge(channel, '07:59')).toMatchObject({ kind: 'defer', untilMs: shanghai.instantAt(day, '08:00') });
      expect((await judge(channel, '20:59')).kind).toBe('allow');
      expect((await judge(channel, '21:00')).kind).toBe('defer');
    }
  });

  it('allow three calls a day and one message, and nothing that the borrower closed', async () => {
    const calls = [call('09:00'), call('10:00')];
    expect((await judge('call', '11:00', calls)).kind).toBe('allow');
    expect((await judge('call', '12:00', [...calls, call('11:00')])).kind).toBe('defer');
    expect((await judge('sms', '12:00', calls)).kind).toBe('allow');
    expect((await judge('sms', '12:00', [{ ...call('09:00'), channel: 'email' }])).kind).toBe('defer');
    expect(await judge('email', '12:00')).toMatchObject({ kind: 'deny', rules: ['HOUSE-OPT-OUT'] });
  });

  it('carry the hash of their text’s meaning', async () => {
    const [pack] = await readPacks('policies/packs');
    expect(pack).toMatchObject({ id: 'house', version: '2026.11' });
    expect(checkPack({ file: 'h.yaml', text: `# a remark\n${house}` }).pack?.contentHash).toBe(pack?.contentHash);
    const later = checkPack({ file: 'h.yaml', text: house.replace('21:00', '20:00') });
    expect(later.pack?.contentHash).not.toBe(pack?.contentHash);
  });
});

describe('a broken pack is refused with the line and the path of what is wrong', () => {
  it.each([
    [
      'a kind that is not known',
      'kind: timeWindow',
      'kind: moonPhase',
      'h.yaml:6:5 rules[0].kind: must be one of: timeWindow, frequencyCap, block',
    ],
    ['a window that ends first', '21:00', '07:00', 'h.yaml:9:5 rules[0].end: must lie after start'],
    ['no time of day', '21:00', '24:00', 'h.yaml:9:5 rules[0].end: must be a time of day such as "08:00"'],
    [
      'no channel of that name',
      '[call]',
      '[telex]',
      'h.yaml:23:16 rules[2].channels[0]: must be one of: sms, email, call, visit, letter',
    ],
    [
      'a word of another kind',
      'flag: opt-out',
      'flag: opt-out\n    max: 1',
      'h.yaml:34:5 rules[3].max: is not a word of this document',
    ],
    [
      'a window that is too long',
      'window: calendarDay',
      'window: { rollingDays: 31 }',
      'h.yaml:18:15 rules[1].window.rollingDays: must be 30 or less',
    ],
    [
      'an unknown window',
      'window: calendarDay',
      'window: week',
      'h.yaml:18:5 rules[1].window: must be calendarDay or { rollingDays: 1 to 30 }',
    ],
    ['an id twice', 'HOUSE-CALLS-DAY', 'HOUSE-HOURS', 'h.yaml:21:5 rules[2].id: HOUSE-HOURS is used twice'],
    [
      'a rule without a reason',
      '    why: Three calls a day at most, answered or not, over all loans.\n',
      '',
      'h.yaml:21:5 rules[2].why: is missing',
    ],
    [
      'a number for a version',
      "version: '2026.11'",
      'version: 2026.11',
      'h.yaml:3:1 version: must be text, not a number; put it in quotes',
    ],
  ])('%s', (_what, part, other, expected) => {
    expect(problemsWith(part, other)).toContain(expected);
  });

  it('and stops the reading of all packs', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'packs-'));
    await writeFile(join(directory, 'a.yaml'), house);
    await writeFile(join(directory, 'b.yaml'), 'pack: b\n');
    await expect(readPacks(directory)).rejects.toMatchObject({ type: 'PolicyInvalid' });
  });
});

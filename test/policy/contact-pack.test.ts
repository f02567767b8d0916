import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPack, checkPackFile, isPackFile, readPacks } from '../../src/policy/contact-pack';
import { formatProblem } from '../../src/policy/located-yaml';

const house = readFileSync('policies/packs/house.yaml', 'utf8');
const sample = `pack: sample
version: '1'
jurisdiction: CN
binds: [CREDITOR]
rules:
  - id: HOURS
    kind: timeWindow
    channels: [sms, call]
    start: '08:00'
    end: '21:00'
    exceptions: [{ grant: hours }]
    why: Nobody is disturbed at night.
  - id: DAILY
    kind: frequencyCap
    channels: [call]
    max: 1
    window: calendarDay
    zone: Asia/Shanghai
    scope: lender
    countWhat: attempt
    why: One a day.
`;

function problemsWith(part: string, other: string): readonly string[] {
  if (!sample.includes(part)) throw new Error(`not in the pack: ${part}`);
  return checkPack({ file: 's.yaml', text: sample.replace(part, other) }).problems.map(formatProblem);
}

describe('the packs that are shipped', () => {
  it('are sound, and every rule of law says where it stands and how sure that is', async () => {
    const packs = await readPacks('policies/packs');
    expect(packs.map(({ id }) => id)).toEqual(['cn', 'eu', 'house', 'in', 'uk', 'us-ma', 'us-nyc', 'us-regf']);
    for (const { id, rules } of packs) {
      for (const rule of rules) {
        expect(rule.why).not.toBe('');
        // A mere custom has no source, and is therefore never more than unconfirmed.
        if (id !== 'house') expect([rule.id, rule.source ?? rule.confidence]).not.toContain(undefined);
        if (id !== 'house') expect([rule.id, rule.confidence]).toEqual([rule.id, expect.stringMatching(/^[VSM]$/)]);
        if (id !== 'house' && rule.source === undefined) expect([rule.id, rule.confidence]).toEqual([rule.id, 'M']);
      }
    }
  });

  it('are told from the file that says which are in force, so that one alone can be checked', async () => {
    expect(await isPackFile('policies/packs/uk.yaml')).toBe(true);
    expect((await checkPackFile('policies/packs/uk.yaml')).problems).toEqual([]);
    expect(await isPackFile('policies/packs-in-force.yaml')).toBe(false);
    expect(await isPackFile('policies/nowhere.yaml')).toBe(false);
  });

  it('never name two rules by one id', async () => {
    const ids = (await readPacks('policies/packs')).flatMap(({ rules }) => rules.map(({ id }) => id));
    expect(ids.filter((id, index) => ids.indexOf(id) < index)).toEqual([]);
  });

  it('carry the hash of their text’s meaning', async () => {
    const pack = (await readPacks('policies/packs')).find(({ id }) => id === 'house');
    expect(checkPack({ file: 'h.yaml', text: `# a remark\n${house}` }).pack?.contentHash).toBe(pack?.contentHash);
    const later = checkPack({ file: 'h.yaml', text: house.replace('21:00', '20:00') });
    expect(later.pack?.contentHash).not.toBe(pack?.contentHash);
  });
});

describe('a broken pack is refused with the line and the path of what is wrong', () => {
  const more = (rule: string): string => `why: One a day.\n${rule}`;
  it.each([
    [
      'a kind that is not known',
      'kind: timeWindow',
      'kind: moonPhase',
      /^s\.yaml:7:5 rules\[0\]\.kind: must be one of: timeWindow, /,
    ],
    ['a window that ends first', '21:00', '07:00', 's.yaml:10:5 rules[0].end: must lie after start'],
    ['no time of day', '21:00', '24:00', 's.yaml:10:5 rules[0].end: must be a time of day such as "08:00"'],
    [
      'no channel of that name',
      '[call]',
      '[telex]',
      's.yaml:15:16 rules[1].channels[0]: must be one of: sms, email, call, visit, letter',
    ],
    [
      'a word of another kind',
      "start: '08:00'",
      "start: '08:00'\n    max: 1",
      's.yaml:10:5 rules[0].max: is not a word of this document',
    ],
    ['a cap below none', 'max: 1', 'max: -1', 's.yaml:16:5 rules[1].max: must be 0 or more'],
    [
      'a window that is too long',
      'window: calendarDay',
      'window: { rollingDays: 31 }',
      's.yaml:17:15 rules[1].window.rollingDays: must be 30 or less',
    ],
    [
      'an unknown window',
      'window: calendarDay',
      'window: week',
      's.yaml:17:5 rules[1].window: must be calendarDay, calendarMonth or { rollingDays: 1 to 30 }',
    ],
    [
      'an unknown zone',
      'Asia/Shanghai',
      'Mars/Olympus',
      's.yaml:18:5 rules[1].zone: must be an IANA time zone such as Asia/Shanghai',
    ],
    [
      'a block that counts once what it does not allow',
      'why: One a day.',
      more('  - { id: STOP, kind: block, channels: [sms], flags: [cease], once: [terminate], why: A stop is kept. }'),
      's.yaml:22:63 rules[2].once: names what is not among allowedPurposes: terminate',
    ],
    [
      'a handoff that asks for what nobody knows',
      'why: One a day.',
      more(
        '  - { id: FILE, kind: handoff, channels: [letter], requires: [human-approval, demand-proof], why: A file is whole. }',
      ),
      /^s\.yaml:22:\d+ rules\[2\]\.requires\[1\]: must be one of human-approval, no-open-dispute, .*, or \{ event, daysAgo \} with one of validation-notice, /,
    ],
    [
      'an exception of no known kind',
      '{ grant: hours }',
      '{ grant: goodwill }',
      /^s\.yaml:11:18 rules\[0\]\.exceptions\[0\]: must be \{ reply: \[purposes\] \}, or \{ grant: hours \| /,
    ],
    [
      'an end before its beginning',
      "start: '08:00'",
      "start: '08:00'\n    from: '2026-02-01'\n    until: '2026-01-01'",
      's.yaml:11:5 rules[0].until: must lie after from',
    ],
    [
      'a day that is none',
      "start: '08:00'",
      "start: '08:00'\n    from: '2026-02-30'",
      's.yaml:10:5 rules[0].from: must be a day of the calendar such as "2026-01-30"',
    ],
    ['an id twice', 'id: DAILY', 'id: HOURS', 's.yaml:13:5 rules[1].id: HOURS is used twice'],
    ['a rule without a reason', '    why: One a day.\n', '', 's.yaml:13:5 rules[1].why: is missing'],
    [
      'a number for a version',
      "version: '1'",
      'version: 1',
      's.yaml:2:1 version: must be text, not a number; put it in quotes',
    ],
    [
      'an actor of no name',
      '[CREDITOR]',
      '[NEIGHBOUR]',
      's.yaml:4:9 binds[0]: must be one of: CREDITOR, AGENCY, DEBT_BUYER',
    ],
    [
      'two windows that share no minute',
      'why: One a day.\n',
      more("  - { id: NIGHT, kind: timeWindow, channels: [call], start: '21:00', end: '23:00', why: Late. }\n"),
      's.yaml:22:54 rules[2].start: can never be kept together with HOURS (call)',
    ],
    [
      'a text that must be and must not be',
      'why: One a day.\n',
      more(
        '  - { id: A, kind: contentRequire, channels: [sms], tag: OPT_OUT, why: Must. }\n' +
          '  - { id: B, kind: contentForbid, channels: [sms], tag: OPT_OUT, why: Must not. }\n',
      ),
      's.yaml:23:52 rules[3].tag: can never be kept together with A (sms)',
    ],
    [
      'words that are no pattern',
      'why: One a day.\n',
      more("  - { id: A, kind: contentForbid, channels: [sms], text: { en: '(' }, why: No. }\n"),
      's.yaml:22:60 rules[2].text.en: is not a regular expression',
    ],
    [
      'a calendar of no name',
      'why: One a day.\n',
      more('  - { id: A, kind: quietDays, channels: [visit], calendar: MOON, why: No. }\n'),
      's.yaml:22:50 rules[2].calendar: must be one of: CN, CN-spring-festival',
    ],
  ])('%s', (_what, part, other, expected) => {
    const problems = problemsWith(part, other);
    expect(problems).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('but windows of different weekdays or of different years may lie apart', () => {
    const apart = sample
      .replace("end: '21:00'", "end: '21:00'\n    days: [mon]")
      .concat(
        "  - { id: LATE, kind: timeWindow, channels: [call], start: '21:00', end: '23:00', days: [sun], why: Late. }\n",
      );
    expect(checkPack({ file: 's.yaml', text: apart }).problems).toEqual([]);
    const ended = sample
      .replace("end: '21:00'", "end: '21:00'\n    until: '2026-01-01'")
      .concat(
        "  - { id: LATE, kind: timeWindow, channels: [call], start: '21:00', end: '23:00', from: '2026-01-01', why: Late. }\n",
      );
    expect(checkPack({ file: 's.yaml', text: ended }).problems).toEqual([]);
  });

  it('and stops the reading of all packs', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'packs-'));
    await writeFile(join(directory, 'house.yaml'), house);
    await writeFile(join(directory, 'b.yaml'), 'pack: b\n');
    await expect(readPacks(directory)).rejects.toMatchObject({ type: 'PolicyInvalid' });
  });

  it('and so does a file that is not named after its pack', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'packs-'));
    await writeFile(join(directory, 'other.yaml'), house);
    await expect(readPacks(directory)).rejects.toThrow('other.yaml:1:1 pack: is house, so its file is house.yaml');
  });
});

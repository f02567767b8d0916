import fc from 'fast-check';
import { channels } from '../../src/domain/case';
import { type Grant, grantCodes, type OptOut } from '../../src/domain/contact/consent';
import { type Flag, flagCodes, type FlagName } from '../../src/domain/contact/flag';
import { type Party, partyRoles } from '../../src/domain/contact/party';
import { connections, type PastContact } from '../../src/domain/contact/past-contact';
import { purposeCodes } from '../../src/domain/contact/purpose';
import { caseEventNames, type InconvenientTime, type Situation, weekdays } from '../../src/domain/contact/situation';

const minuteMs = 60_000;
const dayMs = 86_400_000;
export const generatedZones = [
  ...[
    'Asia/Shanghai',
    'America/New_York',
    'America/Los_Angeles',
    'Asia/Kolkata',
    'Europe/London',
    'Australia/Lord_Howe',
  ],
] as const;

/** The nights on which clocks move, the Spring Festival, the day on which a pack begins, and a common week. */
const bases = ['2026-03-06', '2026-10-30', '2026-03-28', '2026-02-13', '2026-06-29', '2026-05-11'].map((day) =>
  Date.parse(`${day}T00:00:00Z`),
);
const instantNear = fc
  .tuple(fc.constantFrom(...bases), fc.integer({ min: 0, max: 5 * 1440 }))
  .map(([base, minutes]) => base + minutes * minuteMs);

const numbers = ['+12025550123', '+12025550199'] as const;
const loans = ['L-1', 'L-2', 'L-3'] as const;
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 });
const anyParty = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ partyId: null, role: 'borrower' as const }) },
  { weight: 1, arbitrary: fc.constantFrom(...partyRoles.slice(1)).map((role) => ({ partyId: 'P-1', role })) },
);
/** What a contract says of the asked person: nothing in what was kept before it was asked, and none while nobody knows. */
const anyAsked = fc
  .record({ party: anyParty, theirs: fc.option(fc.subarray([...loans]), { nil: undefined, freq: 4 }) })
  .map(({ party, theirs }): Party => {
    const owesByContract = party.role === 'co-borrower' || party.role === 'guarantor';
    return owesByContract && theirs !== undefined ? { ...party, loanIds: theirs } : party;
  });
/** Minutes before the asked instant: mostly of the last days, where windows lie. */
const ago = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 * 1440 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 9 * 1440 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * 1440 }) },
);

const anyPast = fc.record({
  ago,
  channel: fc.constantFrom(...channels, 'call' as const, 'sms' as const),
  state: fc.constantFrom('reserved', 'placed', 'placed', 'delivered', 'failed', 'unknown', 'released', 'denied'),
  handedOver: fc.boolean(),
  direction: fc.constantFrom('outbound', 'outbound', 'outbound', 'inbound'),
  loanIds: fc.subarray([...loans], { minLength: 1 }),
  contactPoint: maybe(fc.constantFrom(...numbers)),
  place: fc.constantFrom(undefined, 'home' as const, 'work' as const),
  party: anyParty,
  purpose: maybe(fc.constantFrom(...purposeCodes)),
  connection: maybe(fc.constantFrom(...connections)),
});

/** On record by then, because they let contacts pass: what is not known yet lets nothing pass. */
const openers: readonly FlagName[] = ['lost-contact', 'deceased', 'incapable', 'minor'];
const anyFlag = fc.record({
  flag: fc.constantFrom(...flagCodes),
  loanId: maybe(fc.constantFrom(...loans)),
  partyId: maybe(fc.constantFrom('P-1', 'P-2')),
  fromMinutes: fc.integer({ min: -70 * 1440, max: 4 * 1440 }),
  lastsMinutes: fc.option(fc.integer({ min: 1, max: 75 * 1440 }), { nil: null, freq: 4 }),
  confirmed: fc.boolean(),
});
const anyGrant = fc.record({
  grant: fc.constantFrom(...grantCodes),
  channel: maybe(fc.constantFrom(...channels)),
  contactPoint: maybe(fc.constantFrom(...numbers)),
  partyId: fc.constantFrom(null, null, 'P-1', 'P-1', 'P-2'),
  ago: fc.integer({ min: 0, max: 70 * 1440 }),
  lastsMinutes: fc.option(fc.integer({ min: 1, max: 80 * 1440 }), { nil: null }),
});
// No times between 01:00 and 04:00: which of two such hours is meant when the clocks go back is nobody's wish.
const times = ['00:00', '08:30', '09:00', '12:00', '13:30', '18:00', '20:15', '22:00'] as const;
const anyWish: fc.Arbitrary<InconvenientTime> = fc.record({
  weekdays: maybe(fc.subarray([...weekdays], { minLength: 1, maxLength: 4 })),
  start: fc.constantFrom(...times),
  end: fc.constantFrom(...times),
  channel: maybe(fc.constantFrom(...channels)),
});
const anyEvent = fc.record({
  event: fc.constantFrom(...caseEventNames),
  loanId: maybe(fc.constantFrom(...loans)),
  ago,
});
const anyPoint = fc.record({
  value: fc.constantFrom(...numbers),
  place: fc.constantFrom('home', 'unknown', 'unknown', 'work'),
  employerAllows: maybe(fc.boolean()),
  state: fc.constantFrom('unverified', 'verified', 'verified', 'verified', 'invalid', 'reassigned'),
  takesSms: fc.constantFrom(true, true, true, false),
});

/** A person's history of contacts, answers, opt-outs, flags and wishes, and one contact that is about to be made. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    atMs: instantNear,
    actor: fc.constantFrom('CREDITOR', 'AGENCY', 'DEBT_BUYER'),
    channel: fc.constantFrom(...channels, 'call' as const, 'sms' as const),
    purpose: fc.oneof(fc.constant('demand' as const), fc.constantFrom(...purposeCodes)),
    loanIds: fc.subarray([...loans], { minLength: 1 }),
    party: anyAsked,
    contactPoint: maybe(anyPoint),
    disclosesDebt: fc.boolean(),
    zones: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...generatedZones).map((zone) => [zone]) },
      { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...generatedZones), { minLength: 2, maxLength: 3 }) },
    ),
    past: fc.array(anyPast, { maxLength: 10 }),
    flagged: fc.array(anyFlag, { maxLength: 2 }),
    granted: fc.array(anyGrant, { maxLength: 4 }),
    optedOut: fc.array(
      fc.record({ channel: fc.constantFrom(...channels), number: maybe(fc.constantFrom(...numbers)), ago }),
      { maxLength: 1 },
    ),
    inconvenient: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(anyWish, { maxLength: 2 })),
    happened: fc.array(anyEvent, { maxLength: 4 }),
    visit: maybe(
      fc.record({ staff: fc.integer({ min: 1, max: 3 }), recorded: fc.boolean(), identityCard: fc.boolean() }),
    ),
  })
  .map(({ past, flagged, granted, optedOut, happened, ...asked }): Situation => {
    const before = (minutes: number): number => asked.atMs - minutes * minuteMs;
    const until = (fromMs: number, minutes: number | null) => (minutes === null ? null : fromMs + minutes * minuteMs);
    return {
      ...asked,
      ledger: past
        .map(({ ago: minutes, party, ...row }): PastContact => ({
          ...row,
          ...{ atMs: before(minutes), partyId: party.partyId, partyRole: party.role },
        }))
        .sort((a, b) => a.atMs - b.atMs),
      flags: flagged.map(({ fromMinutes, lastsMinutes, ...one }): Flag => {
        const isOpener = openers.includes(one.flag);
        const fromMs = asked.atMs + (isOpener ? -Math.abs(fromMinutes) : fromMinutes) * minuteMs;
        return { ...one, fromMs, untilMs: until(fromMs, lastsMinutes) };
      }),
      grants: granted.map(({ ago: minutes, lastsMinutes, ...one }): Grant => {
        const givenMs = before(minutes);
        return { ...one, atMs: givenMs, untilMs: until(givenMs, lastsMinutes) };
      }),
      optOuts: optedOut.map(({ channel, number, ago: minutes }): OptOut => ({
        ...{ channel, contactPoint: number, atMs: before(minutes) },
      })),
      events: happened.map(({ ago: minutes, ...one }) => ({ ...one, atMs: before(minutes) })),
    };
  });

export { dayMs, minuteMs };

import { describe, expect, it } from '@jest/globals';
import type { CaseFacts, CaseState } from '../../src/domain/case';
import { factsExpireAtMs } from '../../src/domain/facts-expiry';
import { stageForBroken } from '../../src/domain/promise/stage-for-broken';
import { nextStep } from '../../src/domain/next-step';
import {
  call,
  email,
  midnight,
  readyForLegal,
  sampleFacts,
  sampleState,
  sampleStages,
  sampleSteps,
  sms,
  step,
  tenOClock,
} from './case-samples';

const allSteps = sampleSteps.map(({ key }) => key);
const decide = (nowMs: number, state: Partial<CaseState> = {}, facts: Partial<CaseFacts> = {}) =>
  nextStep(sampleState(state), sampleFacts(facts), nowMs);
const withSteps = (...steps: CaseFacts['timetable']['steps']): Partial<CaseFacts> => ({
  timetable: { stages: sampleStages, steps },
});

describe('a stage for broken promises', () => {
  it('is reached through the stages before it, also where it is not the next one', () => {
    const stages = [
      { name: 'reminder', fromMs: midnight(1) },
      { name: 'follow-up', fromMs: midnight(15) },
      { name: 'team', fromMs: midnight(30), brokenPromises: 2 },
      {
        name: 'legal',
        fromMs: midnight(90),
        legal: { contacts: 2, channels: [], visits: 0, offered: [] },
        brokenPromises: 4,
      },
    ];
    expect([1, 2, 3, 4].map((broken) => stageForBroken(stages, broken))).toEqual([null, 'team', 'team', 'legal']);
    const asBefore = { timetable: { stages, steps: [] }, brokenPromises: 2 };
    const facts = { ...asBefore, brokenPromisesTo: 'team' };
    const reason = '2 promises broken';
    expect(decide(tenOClock(5), {}, facts)).toEqual({ do: 'escalate', stage: 'follow-up', reason });
    expect(decide(tenOClock(5), { stage: 'follow-up' }, facts)).toEqual({ do: 'escalate', stage: 'team', reason });
    expect(decide(tenOClock(5), { stage: 'team' }, facts)).toMatchObject({ do: 'wait' });
    expect(decide(tenOClock(5), {}, asBefore)).toMatchObject({ do: 'wait' });
  });
});

describe('a loan on which nothing is overdue any more', () => {
  it('closes its case', () => {
    expect(decide(tenOClock(5), {}, { cleared: true })).toMatchObject({ do: 'close', why: 'arrears-cleared' });
  });

  it('closes even in a pause and while a promise runs', () => {
    const rest = { pause: { untilMs: tenOClock(20) }, hold: { untilMs: tenOClock(20), reason: 'promise' } };
    expect(decide(tenOClock(5), {}, { cleared: true, ...rest })).toMatchObject({ do: 'close' });
  });

  it('closes as paid before the due date when it was only announced', () => {
    const decision = decide(tenOClock(-2), { stage: 'courtesy' }, { cleared: true });
    expect(decision).toMatchObject({ do: 'close', why: 'paid-before-due' });
  });
});

describe('a case at rest', () => {
  it('does nothing in a pause, and waits for its end', () => {
    const decision = decide(tenOClock(40), {}, { pause: { untilMs: midnight(50) } });
    expect(decision).toEqual({ do: 'wait', untilMs: midnight(50), reason: 'paused' });
  });

  it('waits for people in a pause without end', () => {
    expect(decide(tenOClock(40), {}, { pause: { untilMs: null } })).toMatchObject({ do: 'wait', untilMs: null });
  });

  it('does nothing while a promise to pay runs', () => {
    const hold = { untilMs: midnight(12), reason: 'promise to pay by 2026-03-12' };
    expect(decide(tenOClock(7), {}, { hold })).toEqual({ do: 'wait', untilMs: midnight(12), reason: hold.reason });
  });

  it.each([
    ['pause', { pause: { untilMs: midnight(1) } }],
    ['promise', { hold: { untilMs: midnight(1), reason: 'promise' } }],
  ])('goes on at the very instant at which its %s ends, also when the facts were read before', (_, rest) => {
    const done = ['reminder/first'];
    expect(decide(midnight(1), { done }, rest)).toMatchObject({ do: 'wait', untilMs: tenOClock(4) });
    expect(decide(tenOClock(1), {}, rest)).toMatchObject({ do: 'contact' });
  });
});

describe('a case whose class of risk is about to change by days alone', () => {
  const done = allSteps;
  const facts = { rawDpd: 90, effectiveDpd: 90, legal: 'proposed', nextClassAtMs: midnight(91) } as const;

  it('looks on that day, and until then still waits for people', () => {
    const waiting = { do: 'wait', untilMs: midnight(91), reason: 'approval of the legal handoff' };
    expect(decide(tenOClock(90), { stage: 'team', done }, facts)).toEqual(waiting);
  });

  it('looks at whatever comes first', () => {
    const open = done.filter((key) => key !== 'team/visit');
    expect(decide(tenOClock(40), { stage: 'team', done: open }, facts)).toMatchObject({ untilMs: tenOClock(45) });
    const sooner = { ...facts, nextClassAtMs: midnight(43) };
    const looks = { untilMs: midnight(43), reason: 'its class changes' };
    expect(decide(tenOClock(40), { stage: 'team', done: open }, sooner)).toMatchObject(looks);
  });

  it('reads its facts again from then on', () => {
    expect(factsExpireAtMs(sampleFacts(facts))).toBe(midnight(91));
  });
});

describe('the stages of a case', () => {
  it('are entered from the first instant of their day', () => {
    const done = allSteps.slice(0, 4);
    expect(decide(midnight(30) - 1, { done })).toMatchObject({ do: 'wait', untilMs: midnight(30) });
    expect(decide(midnight(30), { done })).toEqual({ do: 'escalate', stage: 'team', reason: '1 days past due' });
  });

  it('are entered one by one, however late the look', () => {
    expect(decide(tenOClock(80), { stage: 'courtesy' })).toMatchObject({ do: 'escalate', stage: 'reminder' });
    expect(decide(tenOClock(80), { stage: 'reminder' })).toMatchObject({ do: 'escalate', stage: 'team' });
  });

  it('come before their time when the policy’s number of promises was broken', () => {
    expect(decide(midnight(8), {}, { brokenPromises: 1 })).not.toMatchObject({ do: 'escalate' });
    const decision = decide(midnight(8), {}, { brokenPromises: 2 });
    expect(decision).toEqual({ do: 'escalate', stage: 'team', reason: '2 promises broken' });
  });

  it('come before their time when a person asks, without leaving one out', () => {
    const asked = { escalateTo: 'team' };
    expect(decide(midnight(1), { stage: 'courtesy' }, asked)).toMatchObject({ do: 'escalate', stage: 'reminder' });
    expect(decide(midnight(1), { stage: 'reminder' }, asked)).toMatchObject({ do: 'escalate', stage: 'team' });
    expect(decide(midnight(1), { stage: 'team' }, asked)).toMatchObject({ do: 'wait' });
  });

  it('are entered before the steps that are due in them', () => {
    expect(decide(tenOClock(30), { done: allSteps.slice(0, 4) })).toMatchObject({ do: 'escalate', stage: 'team' });
  });
});

describe('the handoff to legal means', () => {
  const late = tenOClock(95);
  const inTeam = { stage: 'team', done: allSteps };

  it('is proposed when its day has come and all that it needs is on record', () => {
    expect(decide(late, inTeam, readyForLegal)).toMatchObject({ do: 'proposeLegal', stage: 'legal' });
  });

  it('is refused once with everything that is missing, and again only when something else is', () => {
    const missing = [
      'contacts on record: 0 of 2',
      'a contact by sms',
      'a contact by call',
      'visits on record: 0 of 1',
      'an offer of: arrangement',
    ];
    expect(decide(late, inTeam)).toMatchObject({ do: 'refuseLegal', missing });
    expect(decide(late, { ...inTeam, legalMissing: missing })).toMatchObject({
      do: 'wait',
      untilMs: null,
      reason: expect.stringContaining('legal handoff needs contacts on record') as unknown,
    });
    const offered = { offered: ['arrangement'] };
    expect(decide(late, { ...inTeam, legalMissing: missing }, offered)).toMatchObject({ do: 'refuseLegal' });
  });

  it('is not proposed before a rule of the packs is content, and looks again when time has made it so', () => {
    const readyMs = late + 3_600_000;
    const handoff = [{ what: 'on record: validation-notice 38 days ago (US-REGF-HANDOFF)', untilMs: readyMs }];
    const file = { ...readyForLegal, handoff };
    expect(decide(late, inTeam, file)).toMatchObject({ do: 'refuseLegal', missing: [handoff[0]?.what] });
    const legalMissing = [handoff[0]?.what ?? ''];
    expect(decide(late, { ...inTeam, legalMissing }, file)).toMatchObject({ do: 'wait', untilMs: readyMs });
    expect(decide(readyMs, { ...inTeam, legalMissing }, file)).toMatchObject({ do: 'proposeLegal' });
  });

  it('waits for the officer who approves, without limit and without another proposal', () => {
    const decision = decide(late, inTeam, { ...readyForLegal, legal: 'proposed' });
    expect(decision).toEqual({ do: 'wait', untilMs: null, reason: 'approval of the legal handoff' });
  });

  it('is not proposed again by the policy once an officer has rejected it', () => {
    const decision = decide(late, inTeam, { ...readyForLegal, legal: 'rejected' });
    expect(decision).toMatchObject({
      do: 'wait',
      untilMs: null,
      reason: expect.stringContaining('rejected') as unknown,
    });
  });

  it('takes place when it is approved, also before its day', () => {
    expect(decide(tenOClock(50), inTeam, { legal: 'approved' })).toMatchObject({ do: 'escalate', stage: 'legal' });
  });

  it('needs its preconditions and its approval also when a person asks for it', () => {
    const asked = { escalateTo: 'legal' };
    expect(decide(tenOClock(50), inTeam, asked)).toMatchObject({ do: 'refuseLegal' });
    expect(decide(tenOClock(50), inTeam, { ...asked, ...readyForLegal })).toMatchObject({ do: 'proposeLegal' });
  });

  it('has no step of its own before it is approved', () => {
    const letter = withSteps(step('legal/letter', 92, sms));
    expect(decide(late, inTeam, { ...letter, legal: 'proposed' })).toMatchObject({ do: 'wait', untilMs: null });
    expect(decide(late, { stage: 'legal' }, { ...letter, legal: 'approved' })).toMatchObject({ do: 'contact' });
  });
});

describe('the steps of a case', () => {
  it('are taken from the instant at which they are due', () => {
    expect(decide(tenOClock(1) - 1)).toEqual({ do: 'wait', untilMs: tenOClock(1), reason: 'reminder/first' });
    expect(decide(tenOClock(1))).toMatchObject({ do: 'contact', step: { key: 'reminder/first' }, supersedes: [] });
  });

  it('are never taken again', () => {
    expect(decide(tenOClock(2), { done: ['reminder/first'] })).toMatchObject({ do: 'wait', untilMs: tenOClock(4) });
  });

  it('of contacts missed on earlier days make only the latest, and put the others on record', () => {
    expect(decide(tenOClock(5))).toMatchObject({
      do: 'contact',
      step: { key: 'reminder/mail' },
      supersedes: ['reminder/first'],
    });
  });

  it('keep two contacts of the same day, which the gate then judges', () => {
    const facts = withSteps(step('reminder/a', 1, sms), step('reminder/b', 1, email));
    expect(decide(tenOClock(1), {}, facts)).toMatchObject({ step: { key: 'reminder/a' }, supersedes: [] });
    expect(decide(tenOClock(1), { done: ['reminder/a'] }, facts)).toMatchObject({ step: { key: 'reminder/b' } });
  });

  it('replace a missed task only by a task of its own kind', () => {
    const state = { stage: 'team', done: ['reminder/first', 'reminder/mail', 'team/notice'] };
    const decision = decide(tenOClock(50), state);
    expect(decision).toMatchObject({ do: 'task', step: { key: 'team/call' }, supersedes: ['reminder/call'] });
    const then = decide(tenOClock(50), { ...state, done: [...state.done, 'reminder/call', 'team/call'] });
    expect(then).toMatchObject({ do: 'task', step: { key: 'team/visit' }, supersedes: [] });
  });

  it('are skipped on record when their condition does not hold', () => {
    const facts = withSteps(step('reminder/big', 1, sms, { condition: { overdueOverMinor: 200_000 } }));
    expect(decide(tenOClock(1), {}, facts)).toMatchObject({ do: 'skip', keys: ['reminder/big'] });
  });

  it('do not give way to a later contact that is unwanted', () => {
    const unwanted = step('reminder/b', 2, email, { condition: { tiers: ['high'] } });
    const facts = withSteps(step('reminder/a', 1, sms), unwanted);
    expect(decide(tenOClock(2), {}, facts)).toMatchObject({ do: 'skip', keys: ['reminder/b'] });
    expect(decide(tenOClock(2), { done: ['reminder/b'] }, facts)).toMatchObject({ step: { key: 'reminder/a' } });
  });

  it('are not sent in place of a later one that is left out because the borrower was just reached', () => {
    const later = step('reminder/b', 5, email, { condition: { notContactedWithinMs: 3 * 86_400_000 } });
    const facts = withSteps(step('reminder/a', 1, sms), later, step('reminder/call', 1, call));
    const contacts = { made: 1, channels: ['call'], visits: 0, lastAtMs: tenOClock(4) } as const;
    const decision = decide(tenOClock(5), {}, { ...facts, contacts });
    expect(decision).toMatchObject({ do: 'skip', keys: ['reminder/a', 'reminder/b'] });
  });

  it('never announce as due soon what is overdue', () => {
    expect(decide(tenOClock(1), { done: ['reminder/first'] })).toMatchObject({ do: 'wait' });
  });

  it('behind a pause without end are not waited for', () => {
    const facts = withSteps(step('reminder/later', 9, sms, { dueAtMs: null, dueDay: null }));
    expect(decide(midnight(5), {}, facts)).toMatchObject({ do: 'wait', untilMs: midnight(30) });
  });
});

describe('a contact that the gate put off', () => {
  const deferred = { key: 'reminder/first', untilMs: tenOClock(2) };

  it('is not tried before its time, and no other contact of the case either', () => {
    expect(decide(tenOClock(2) - 1, { deferred })).toEqual({
      do: 'wait',
      untilMs: tenOClock(2),
      reason: 'reminder/first, deferred',
    });
    expect(decide(tenOClock(5), { deferred: { ...deferred, untilMs: tenOClock(6) } })).toMatchObject({ do: 'wait' });
  });

  it('does not hold up a task or a stage', () => {
    const put = { ...deferred, untilMs: tenOClock(40) };
    expect(decide(tenOClock(7), { deferred: put })).toMatchObject({ do: 'task', step: { key: 'reminder/call' } });
    expect(decide(midnight(30), { deferred: put })).toMatchObject({ do: 'escalate', stage: 'team' });
  });

  it('is tried at its time', () => {
    expect(decide(tenOClock(2), { deferred })).toMatchObject({ do: 'contact', step: { key: 'reminder/first' } });
  });

  it('gives way to the next one when that is due as well by then', () => {
    expect(decide(tenOClock(4), { deferred: { ...deferred, untilMs: tenOClock(4) } })).toMatchObject({
      step: { key: 'reminder/mail' },
      supersedes: ['reminder/first'],
    });
  });
});

it('a case with nothing left to do waits for people', () => {
  const state = { stage: 'legal', done: allSteps };
  const decision = decide(tenOClock(200), state, { legal: 'approved' });
  expect(decision).toEqual({ do: 'wait', untilMs: null, reason: 'a payment or a decision' });
});

describe('while legal means rest', () => {
  const legalStage = { state: sampleState({ stage: 'team', done: sampleSteps.map(({ key }) => key) }) };
  const until = (untilMs: number | null) => sampleFacts({ ...readyForLegal, legalRest: { untilMs } });

  it('nothing is proposed until the rest is over, and the case waits for that', () => {
    const facts = until(midnight(120));
    expect(nextStep(legalStage.state, facts, midnight(95))).toMatchObject({ do: 'wait', untilMs: midnight(120) });
    expect(nextStep(legalStage.state, facts, midnight(120))).toMatchObject({ do: 'proposeLegal', stage: 'legal' });
  });

  it('an approved handoff is not carried out either, however long it takes', () => {
    const facts = { ...until(null), legal: 'approved' } as const;
    const waiting = nextStep(legalStage.state, facts, midnight(95));
    expect(waiting).toEqual({ do: 'wait', untilMs: null, reason: 'legal means rest until somebody ends it' });
  });

  it('everything else goes on', () => {
    const facts = sampleFacts({ legalRest: { untilMs: null } });
    expect(nextStep(sampleState(), facts, tenOClock(1))).toMatchObject({ do: 'contact' });
    expect(nextStep(sampleState(), facts, tenOClock(30))).toMatchObject({ do: 'escalate', stage: 'team' });
  });

  it('the steps of a case that is in its legal stage rest too', () => {
    const steps = [...sampleSteps, step('legal/review', 92, { kind: 'task', task: 'review' })];
    const timetable = { stages: sampleStages, steps };
    const inLegal = sampleState({ stage: 'legal', done: sampleSteps.map(({ key }) => key) });
    const resting = sampleFacts({ timetable, legal: 'approved', legalRest: { untilMs: midnight(100) } });
    expect(nextStep(inLegal, resting, tenOClock(92))).toMatchObject({ do: 'wait', untilMs: midnight(100) });
    expect(nextStep(inLegal, resting, midnight(100))).toMatchObject({ do: 'task' });
  });
});

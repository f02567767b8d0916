import { describe, expect, it } from '@jest/globals';
import { afterStep } from '../../src/domain/after-step';
import type { Decision, StepOutcome } from '../../src/domain/case';
import { call, sampleState, sms, step, tenOClock } from './case-samples';

const first = step('reminder/first', 1, sms);
const contact: Decision = { do: 'contact', step: first, supersedes: ['reminder/earlier'], reason: 'due' };
const task: Decision = {
  do: 'task',
  step: step('reminder/call', 7, call),
  supersedes: ['reminder/old'],
  reason: 'due',
};
const deferral: StepOutcome = { kind: 'deferred', untilMs: tenOClock(2) };
const done: StepOutcome = { kind: 'done' };

describe('the state after a step', () => {
  it('has the step and every step that it replaced on record', () => {
    const before = sampleState({ done: ['courtesy/due-soon'] });
    const deeds = ['courtesy/due-soon', 'reminder/earlier', 'reminder/first'];
    expect(afterStep(before, contact, done)).toEqual({ ...before, done: deeds });
    expect(afterStep(sampleState(), task, done).done).toEqual(['reminder/old', 'reminder/call']);
  });

  it('keeps the place of a contact that was put off, and has only the replaced ones on record', () => {
    expect(afterStep(sampleState(), contact, deferral)).toEqual(
      sampleState({ done: ['reminder/earlier'], deferred: { key: 'reminder/first', untilMs: tenOClock(2) } }),
    );
  });

  it('forgets the deferral when a contact was made, or when the deferred step is skipped', () => {
    const waiting = sampleState({ deferred: { key: 'reminder/first', untilMs: tenOClock(2) } });
    const skip = (key: string): Decision => ({ do: 'skip', keys: [key], reason: 'condition' });
    expect(afterStep(waiting, contact, done).deferred).toBeNull();
    expect(afterStep(waiting, skip('reminder/first'), done).deferred).toBeNull();
    expect(afterStep(waiting, skip('reminder/other'), done).deferred).toEqual(waiting.deferred);
    expect(afterStep(waiting, task, done).deferred).toEqual(waiting.deferred);
  });

  it('stands in the stage that was entered, where a new refusal would be news', () => {
    const before = sampleState({ legalMissing: ['a contact by call'], done: ['reminder/first'] });
    const decision: Decision = { do: 'escalate', stage: 'team', reason: '30 days past due' };
    expect(afterStep(before, decision, done)).toEqual({ ...before, stage: 'team', legalMissing: null });
  });

  it('remembers what was missing for legal means', () => {
    const decision: Decision = { do: 'refuseLegal', missing: ['a contact by call'], reason: 'missing' };
    expect(afterStep(sampleState(), decision, done)).toEqual(sampleState({ legalMissing: ['a contact by call'] }));
  });

  it.each<Decision>([
    { do: 'wait', untilMs: null, reason: 'paused' },
    { do: 'proposeLegal', stage: 'legal', reason: '90 days past due' },
    { do: 'close', why: 'arrears-cleared', reason: 'paid' },
  ])('is the same after $do', (decision) => {
    expect(afterStep(sampleState(), decision, done)).toEqual(sampleState());
  });

  it.each<Decision>([contact, task, { do: 'escalate', stage: 'team', reason: 'late' }])(
    'is the same when fresh facts asked for something else than $do',
    (decision) => {
      expect(afterStep(sampleState(), decision, { kind: 'changed' })).toEqual(sampleState());
    },
  );
});

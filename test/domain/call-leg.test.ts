import { describe, expect, it } from '@jest/globals';
import {
  connectionAfterCall,
  connectionOfLeg,
  type LegStatus,
  legStatuses,
  movesOn,
} from '../../src/domain/call/call-leg';
import { connectionOf } from '../../src/domain/contact/past-contact';

/** The status that a leg has after reports in this order. */
function after(reports: readonly LegStatus[]): LegStatus | null {
  return reports.reduce<LegStatus | null>((known, next) => (movesOn(known, next) ? next : known), null);
}

describe('reports about a leg of a call', () => {
  it.each<[LegStatus[], LegStatus]>([
    [['initiated', 'ringing', 'in-progress', 'completed'], 'completed'],
    [['completed', 'in-progress', 'ringing', 'initiated'], 'completed'],
    [['ringing', 'ringing', 'initiated'], 'ringing'],
    [['busy', 'ringing'], 'busy'],
    [['no-answer', 'completed'], 'no-answer'],
    [['in-progress', 'ringing', 'completed', 'completed'], 'completed'],
  ])('only ever move it on: %j leave it %s', (reports, status) => {
    expect(after(reports)).toBe(status);
  });
});

describe('how far a call came', () => {
  it.each<[LegStatus, ReturnType<typeof connectionOfLeg>]>([
    ['initiated', null],
    ['ringing', 'rang'],
    ['no-answer', 'rang'],
    ['canceled', 'rang'],
    ['busy', 'none'],
    ['failed', 'none'],
    ['in-progress', 'conversation'],
    ['completed', 'conversation'],
  ])('%s is %s', (status, connection) => {
    expect(connectionOfLeg(status, false)).toBe(connection);
  });

  it('is no further than ringing when a machine answers', () => {
    for (const status of legStatuses) expect(['none', 'rang', null]).toContain(connectionOfLeg(status, true));
  });

  it.each<[LegStatus | null, string, string | null]>([
    ['completed', 'spoken-to', 'conversation'],
    ['completed', 'other-person', 'answered'],
    ['completed', 'voicemail', 'rang'],
    ['completed', 'other-language', 'answered'],
    ['busy', 'no-answer', 'rang'],
    ['busy', 'busy', 'none'],
    ['no-answer', 'busy', 'rang'],
    ['no-answer', 'promised', 'conversation'],
    [null, 'busy', 'none'],
    ['in-progress', 'reviewed', 'conversation'],
  ])(
    'is said by the collector of an answered leg, and never less than the provider saw of another: %s, %s',
    (leg, outcome, connection) => {
      const reported = leg === null ? null : connectionOfLeg(leg, false);
      expect(connectionAfterCall(leg, reported, connectionOf(outcome))).toBe(connection);
    },
  );
});

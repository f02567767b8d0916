import { describe, expect, it } from '@jest/globals';
import { type Attempt, failedAttempts, isLostAfter } from '../../src/domain/contact/failed-attempts';

const [mobile, landline, old] = ['+12025550101', '+12025550102', '+12025550103'];
const call = (atMs: number, outcome: string | null, more: Partial<Attempt> = {}): Attempt => ({
  ...{ channel: 'call', direction: 'outbound', state: 'placed', connection: null },
  ...{ atMs, outcome, contactPoint: mobile, ...more },
});
const letter = (atMs: number, more: Partial<Attempt> = {}): Attempt => call(atMs, null, { channel: 'sms', ...more });

describe('a borrower counts as lost after three attempts in vain', () => {
  it.each<[string, boolean, readonly string[], readonly Attempt[]]>([
    ['two are too few', false, [mobile], [call(1, 'no-answer'), call(2, 'busy')]],
    ['three are enough', true, [mobile], [call(1, 'no-answer'), call(2, 'busy'), call(3, 'voicemail')]],
    [
      'what the provider says of the line counts where nobody says more',
      true,
      [mobile],
      [1, 2, 3].map((atMs) => call(atMs, null, { state: 'failed', connection: 'none' })),
    ],
    [
      'a number that was never tried may be the one',
      false,
      [mobile, landline],
      [1, 2, 3].map((atMs) => call(atMs, 'busy')),
    ],
    [
      'all of them were tried',
      true,
      [mobile, landline],
      [call(1, 'no-answer'), call(2, 'no-answer'), call(3, 'no-answer', { contactPoint: landline })],
    ],
    [
      'a number that is not in use any more, or somebody else’s, does not count',
      false,
      [mobile],
      [call(1, 'busy'), call(2, 'busy'), call(3, 'busy', { contactPoint: old })],
    ],
    ['who has no number was not tried', false, [], [call(1, 'busy'), call(2, 'busy'), call(3, 'busy')]],
    [
      'a conversation ends the row',
      false,
      [mobile],
      [call(1, 'busy'), call(2, 'busy'), call(3, 'refused'), call(4, 'busy'), call(5, 'busy')],
    ],
    [
      'so does a conversation at the door',
      false,
      [mobile],
      [call(1, 'busy'), call(2, 'busy'), call(3, 'busy'), call(4, 'spoken-to', { channel: 'visit' })],
    ],
    [
      'so does a message of theirs, whenever it was read',
      false,
      [mobile],
      [letter(3, { direction: 'inbound' }), call(1, 'busy'), call(2, 'busy'), call(4, 'busy')],
    ],
    [
      'after it a new row may begin',
      true,
      [mobile],
      [letter(1, { direction: 'inbound' }), call(2, 'busy'), call(3, 'busy'), call(4, 'busy')],
    ],
    [
      'a call that somebody else took neither counts nor ends the row',
      true,
      [mobile],
      [call(1, 'busy'), call(2, 'other-person'), call(3, 'busy'), call(4, 'busy')],
    ],
    ['and is none of three', false, [mobile], [call(1, 'busy'), call(2, 'other-person'), call(3, 'busy')]],
    ['of a call whose end nobody knows nothing follows', false, [mobile], [1, 2, 3].map((atMs) => call(atMs, null))],
    ['a message that nobody answered is no attempt', false, [mobile], [letter(1), letter(2), letter(3)]],
    [
      'a call that was not made is none',
      false,
      [mobile],
      (['reserved', 'released', 'denied'] as const).map((state) => call(1, null, { state, connection: 'none' })),
    ],
  ])('%s', (_why, isLost, ownNumbers, contacts) => {
    expect(isLostAfter(failedAttempts(contacts, ownNumbers), ownNumbers, 3)).toBe(isLost);
  });

  it('and it is known when they were last heard', () => {
    expect(failedAttempts([call(1, 'refused'), letter(5, { direction: 'inbound' })], [mobile]).heardMs).toBe(5);
    expect(failedAttempts([call(1, 'busy')], [mobile]).heardMs).toBeNull();
  });
});

import { describe, expect, it } from '@jest/globals';
import { coveringMessage, type KeptContact } from '../../src/domain/contact/covering';

const atMs = Date.parse('2026-03-02T02:00:00Z');
const wish = { loanId: 'L-1', channel: 'sms', purpose: 'reminder' } as const;
/** A message made for the case of L-2 that names both loans. */
const covering: KeptContact = {
  ...{ contactId: 'c-1', loanId: 'L-2', channel: 'email', atMs, state: 'placed', handedOver: true },
  ...{ direction: 'outbound', loanIds: ['L-1', 'L-2'], contactPoint: 'robin@example.com', partyId: null },
  ...{ partyRole: 'borrower', purpose: 'reminder', connection: null },
};

describe('a message for one case', () => {
  it('covers another case of the borrower whose loan it named', () => {
    expect(coveringMessage([covering], wish, atMs)).toBe(covering);
  });

  it('covers it while it is on its way, and when nobody knows whether it came', () => {
    for (const state of ['reserved', 'delivered', 'unknown'] as const) {
      expect(coveringMessage([{ ...covering, state }], wish, atMs)?.state).toBe(state);
    }
  });

  it.each([
    ['made for the same case', { loanId: 'L-1' }],
    ['that did not name the loan', { loanIds: ['L-2'] }],
    ['for another purpose', { purpose: 'demand' }],
    ['of an earlier day', { atMs: atMs - 1 }],
    ['that failed', { state: 'failed' }],
    ['that never left', { state: 'released' }],
    ['that was a call', { channel: 'call' }],
  ] as const)('does not cover it when it is one %s', (_what, changes) => {
    expect(coveringMessage([{ ...covering, ...changes }], wish, atMs)).toBeNull();
  });

  it('is the newest of several', () => {
    const later = { ...covering, contactId: 'c-2', atMs: atMs + 1 };
    expect(coveringMessage([covering, later, covering], wish, atMs)?.contactId).toBe('c-2');
  });

  it('covers no call and no visit', () => {
    expect(coveringMessage([covering], { ...wish, channel: 'call' }, atMs)).toBeNull();
  });
});

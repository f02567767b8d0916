import type { Connection } from '../contact/past-contact';

/** How far one leg of a call came, in the words of the telephone provider. */
export const legStatuses = [
  'initiated',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'no-answer',
  'failed',
  'canceled',
] as const;
export type LegStatus = (typeof legStatuses)[number];

export function isLegStatus(text: string): text is LegStatus {
  return legStatuses.some((status) => status === text);
}

const rankOf = (status: LegStatus): number => Math.min(legStatuses.indexOf(status), 3);

/** Whether the leg has come to its end. */
export function isEnded(status: LegStatus | null): boolean {
  return status !== null && rankOf(status) === 3;
}

/** Reports come late, doubled and out of order: a leg only ever moves on, and its first end is its end. */
export function movesOn(known: LegStatus | null, reported: LegStatus): boolean {
  return known === null || rankOf(reported) > rankOf(known);
}

/**
 * What a report says about how far the borrower's leg came; null where it says nothing yet. Busy and failed calls were not
 * put through (12 CFR 1006.14(b)(3)(ii)); one that ended before an answer may have rung, so it rang. An answer counts as a
 * conversation until the collector says otherwise, and a machine's answer as a telephone that rang.
 */
export function connectionOfLeg(status: LegStatus, machine: boolean): Connection | null {
  switch (status) {
    case 'initiated':
      return null;
    case 'busy':
    case 'failed':
      return 'none';
    case 'ringing':
    case 'no-answer':
    case 'canceled':
      return 'rang';
    case 'in-progress':
    case 'completed':
      return machine ? 'rang' : 'conversation';
  }
}

/**
 * How far a call came once the collector has said how it ended. Of a leg that was answered, or about which the provider said
 * nothing, the collector knows best; of one that was not, a word of the collector can make it count for more, never for less.
 */
export function connectionAfterCall(
  leg: LegStatus | null,
  reported: Connection | null,
  said: Connection | null,
): Connection | null {
  if (said === null) return reported;
  if (leg === null || leg === 'in-progress' || leg === 'completed' || reported === null) return said;
  return strength.indexOf(said) > strength.indexOf(reported) ? said : reported;
}

const strength: readonly Connection[] = ['none', 'rang', 'answered', 'conversation'];

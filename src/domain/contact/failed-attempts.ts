import { connectionOf, type PastContact } from './past-contact';

/** What lost contact looks at in a contact with the borrower. */
export type Attempt = Pick<PastContact, 'channel' | 'atMs' | 'state' | 'direction' | 'contactPoint' | 'connection'> & {
  readonly outcome: string | null;
};

/** How often the bank tried in vain since the borrower was last heard, on which of their own numbers. */
export interface FailedAttempts {
  readonly count: number;
  readonly numbers: ReadonlySet<string>;
  /** When the borrower was last heard; null where that never was. */
  readonly heardMs: number | null;
}

/**
 * Attempts in vain, in a row. A call that the bank made to a number of the borrower's own that is in use is one when nobody
 * took it: it rang out, met a machine, or found no connection. Whatever the borrower says ends the row: a conversation by
 * telephone or at the door, or a message. A call that somebody else took, or of which nobody knows how it ended, neither
 * counts nor ends it; nor does a message that nobody answered.
 */
export function failedAttempts(contacts: readonly Attempt[], ownNumbers: readonly string[]): FailedAttempts {
  const heardMs = contacts.filter(isHeard).reduce((latest, { atMs }) => Math.max(latest, atMs), -Infinity);
  const tried = contacts.filter((one) => isInVain(one) && one.atMs > heardMs);
  const numbers = tried.flatMap(({ contactPoint }) =>
    contactPoint !== null && ownNumbers.includes(contactPoint) ? [contactPoint] : [],
  );
  return { count: numbers.length, numbers: new Set(numbers), heardMs: heardMs === -Infinity ? null : heardMs };
}

/**
 * Whether the borrower counts as lost though numbers are in use: so many attempts in vain in a row, and one on each of their
 * own numbers (CN-THIRD-PARTY: others are asked only when the borrower cannot be reached).
 */
export function isLostAfter(
  { count, numbers }: FailedAttempts,
  ownNumbers: readonly string[],
  afterFailedAttempts: number,
): boolean {
  return ownNumbers.length > 0 && count >= afterFailedAttempts && ownNumbers.every((number) => numbers.has(number));
}

function isHeard(contact: Attempt): boolean {
  return contact.direction === 'inbound' || reached(contact) === 'conversation';
}

function isInVain(contact: Attempt): boolean {
  const { channel, direction, state } = contact;
  if (channel !== 'call' || direction !== 'outbound') return false;
  if (state === 'reserved' || state === 'released' || state === 'denied') return false;
  const connection = reached(contact);
  return connection === 'none' || connection === 'rang';
}

function reached({ connection, outcome }: Attempt): PastContact['connection'] {
  return connection ?? connectionOf(outcome);
}

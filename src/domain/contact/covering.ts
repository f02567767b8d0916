import type { Channel } from '../case';
import { counts, type PastContact } from './past-contact';
import type { Purpose } from './purpose';

/** A past contact with the names that say which it was, and for whose case it was made. */
export interface KeptContact extends PastContact {
  readonly contactId: string;
  /** Of the case for which it was made. */
  readonly loanId: string;
}

export interface MessageWish {
  readonly loanId: string;
  readonly channel: Channel;
  readonly purpose: Purpose;
}

/**
 * Only messages can cover one another. A call or a visit may be about several loans as well, counts for each and is told to
 * their cases; but what it asks is work of its own case, so that the others' calls and visits are still to be made.
 */
const messageChannels: readonly Channel[] = ['sms', 'email'];

/**
 * The newest message since then, made for another case of the borrower, that names this loan too and serves the same
 * purpose (design, decision 7). One that is only reserved counts: it is on its way; one that failed does not. Null where
 * there is none.
 */
export function coveringMessage(
  ledger: readonly KeptContact[],
  { loanId, channel, purpose }: MessageWish,
  sinceMs: number,
): KeptContact | null {
  if (!messageChannels.includes(channel)) return null;
  return ledger
    .filter((past) => past.loanId !== loanId && past.loanIds.includes(loanId) && past.purpose === purpose)
    .filter((past) => messageChannels.includes(past.channel) && past.atMs >= sinceMs)
    .filter((past) => past.state !== 'failed' && counts(past))
    .reduce<KeptContact | null>((newest, past) => (newest === null || past.atMs > newest.atMs ? past : newest), null);
}

/** What a refusal means for the customer's contact data and for whoever runs the service. */
export type RefusalEffect =
  /** The person told the provider to stop: record the opt-out, never try this channel again. */
  | 'opt-out'
  /** The number or address cannot receive this channel: mark it bad. */
  | 'bad-contact-point'
  /** The number cannot receive SMS and may be good for calls: mark it so. */
  | 'no-sms'
  /** Our account, sender or route is wrong: a person must look, the customer is not at fault. */
  | 'configuration'
  /** The text itself was refused: review it, do not send it again as it is. */
  | 'content'
  | 'none';

/**
 * How one attempt with a provider ended.
 *
 * - `accepted`: the provider has it; delivery is reported later, by callback or bounce.
 * - `refused`: a definite no, nothing was sent.
 * - `busy`: nothing was sent and the same attempt may be made again.
 * - `unknown`: perhaps sent. Ask the provider or count it as sent; never send it again blindly.
 *
 * Codes and reasons are written by this room. They never repeat what a provider said, because providers quote
 * numbers, addresses and texts.
 */
export type SendOutcome =
  | { kind: 'accepted'; providerId: string; acceptedAtMs: number }
  | { kind: 'refused'; code: string; reason: string; effect: RefusalEffect }
  | { kind: 'busy'; retryAfterMs: number | null }
  | { kind: 'unknown'; reason: string };

/** The provider could not be asked about an earlier attempt. Nothing is learnt: ask again later. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';
}

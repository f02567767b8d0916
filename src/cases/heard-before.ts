import { contactByKey } from '../store/contact-claims';
import type { Contact } from '../store/contact-row';
import type { Queryable } from '../store/database';
import { getInboundOf } from '../store/inbound-messages';
import { latestCases } from '../store/latest-cases';
import { answerKey } from './answer-borrower';
import { openLoans } from './heard';

/** What is still to be done once a message is written down. */
export interface ToDo {
  readonly answers: readonly Contact[];
  /** Loans whose cases look at their facts again. */
  readonly wake: readonly string[];
}

/**
 * Of a message that comes again everything is on record, but whoever took it may have been cut off after that: what was
 * reserved as its answer and handed to nobody still goes out, and the cases are told once more, which does no harm.
 */
export async function toDoAgain(
  tx: Queryable,
  message: { readonly channel: 'sms' | 'email'; readonly providerId: string },
): Promise<ToDo> {
  const known = await getInboundOf(tx, message);
  const [answers, wake]: [Contact[], string[]] = [[], []];
  for (const { customerId } of known?.customers ?? []) {
    const answer = await contactByKey(tx, answerKey(known?.inboundId ?? '', customerId));
    if (answer?.state === 'reserved' && answer.handedAtMs === null) answers.push(answer);
    wake.push(...openLoans({ cases: await latestCases(tx, customerId) }));
  }
  return { answers, wake };
}

import { owes } from '../domain/contact/party';
import { addDays, type Day } from '../domain/day';
import { formatMoney, parseMajor } from '../domain/money';
import { promiseRulesOf } from '../domain/promise/promise-rules';
import type { Meaning } from '../domain/reply';
import type { Queryable } from '../store/database';
import { partyAt } from '../store/party-loans';
import { type ReplyDeps, reserveAnswer } from './answer-borrower';
import type { Desk } from './desk';
import { type Followed, type Heard, nothingFollows } from './heard';
import { type CaseReading, readCase } from './read-facts';
import { promiseLimit, promiseProblem, writePromise } from './write-promise';

type PromiseMeaning = Extract<Meaning, { kind: 'promise' }>;

/** A policy that takes promises of any length still wants an example that is near. */
const exampleDaysAhead = 14;

/**
 * Takes a promise to pay by keyword. One that cannot be is answered politely, if the gate lets an answer through. Null
 * where a person has to read it: by e-mail, whose sender nobody checked, from a number of somebody who does not owe the loan, of
 * a borrower who has no open case, or several, or where the policy takes no more promises.
 */
export async function takePromise(
  tx: Queryable,
  desk: Desk,
  deps: ReplyDeps,
  heard: Heard,
  { day, amount }: PromiseMeaning,
  nowMs: number,
): Promise<Followed | null> {
  const [open, ...others] = heard.cases.filter(({ status }) => status === 'open');
  if (heard.channel !== 'sms' || !heard.alone || open === undefined || others.length > 0) return null;
  const { loanId, caseNo, stage } = open;
  if (!owes(await partyAt(tx, heard.customerId, heard.channel, heard.from), loanId)) return null;
  const reading = await readCase(tx, desk, { loanId, caseNo, stage, done: [] }, nowMs);
  if (promiseLimit(reading) !== null) return null;
  const lastDay = lastDayOf(reading);
  const amountMinor = amount === null ? null : parseMajor(amount, reading.loan.currency);
  const answerTo = { channel: heard.channel, contactPoint: heard.from, language: heard.language, to: heard.inboundId };
  const cases = [open];
  const parts = day === null || amountMinor === null ? null : [{ dueDay: day, amountMinor }];
  if (day === null || amountMinor === null || parts === null || promiseProblem(reading, parts) !== null) {
    const answer = await reserveAnswer(
      tx,
      deps,
      { ...answerTo, cases, text: 'promise-refused', purpose: 'follow-up', variables: { lastDay } },
      nowMs,
    );
    // Whom the gate keeps us from answering, a person answers.
    if (answer === null) return null;
    return { ...nothingFollows, kind: 'promise-refused', reason: 'without a day and an amount that can be', answer };
  }
  const { inboundId } = heard;
  const said = { promiseId: inboundId, source: 'sms', sourceId: inboundId, parts } as const;
  await writePromise(tx, reading, said, 'borrower', nowMs);
  const variables = { day, amount: formatMoney(amountMinor, reading.loan.currency, heard.language) };
  const answer = await reserveAnswer(
    tx,
    deps,
    { ...answerTo, cases, text: 'promise-taken', purpose: 'plan-confirm', variables },
    nowMs,
  );
  const reason = `promised to pay by ${day}`;
  return {
    ...nothingFollows,
    kind: 'message-received',
    reason,
    data: { promiseId: inboundId },
    wake: [loanId],
    answer,
  };
}

function lastDayOf({ policy, today }: CaseReading): Day {
  return addDays(today, promiseRulesOf(policy).withinDaysMax ?? exampleDaysAhead);
}

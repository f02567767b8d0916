import { randomUUID } from 'node:crypto';
import { addDays, type Day } from '../domain/day';
import { formatMoney, parseMajor } from '../domain/money';
import type { Meaning } from '../domain/reply';
import type { Queryable } from '../store/database';
import { addTask, completeTask } from '../store/tasks';
import { type ReplyDeps, reserveAnswer } from './answer-borrower';
import type { Desk } from './desk';
import { followOutcome } from './follow-outcome';
import { type Followed, type Heard, nothingFollows } from './heard';
import { type CaseReading, readCase } from './read-facts';

type PromiseMeaning = Extract<Meaning, { kind: 'promise' }>;

/** A policy that takes promises of any length still wants an example that is near. */
const exampleDaysAhead = 14;

/**
 * Takes a promise to pay by keyword, as a task's outcome would be taken: the policy says for how long the case rests. One
 * that cannot be is answered politely, if the gate lets an answer through. Null where a person has to read it: by e-mail,
 * whose sender nobody checked, or from somebody who has no open case, or several.
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
  const reading = await readCase(tx, desk, { loanId, caseNo, stage, done: [] }, nowMs);
  const lastDay = lastDayOf(reading);
  const amountMinor = amount === null ? null : parseMajor(amount, reading.loan.currency);
  const answerTo = { channel: heard.channel, contactPoint: heard.from, language: heard.language, to: heard.inboundId };
  const cases = [open];
  if (day === null || day <= reading.today || day > lastDay || amountMinor === null || amountMinor <= 0) {
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
  await record(tx, desk, reading, heard, { day, amountMinor }, nowMs);
  const variables = { day, amount: formatMoney(amountMinor, reading.loan.currency, heard.language) };
  const answer = await reserveAnswer(
    tx,
    deps,
    { ...answerTo, cases, text: 'promise-taken', purpose: 'plan-confirm', variables },
    nowMs,
  );
  const data = { promisedDay: day, promisedMinor: amountMinor };
  return { ...nothingFollows, kind: 'promised', reason: `promised to pay by ${day}`, data, wake: [loanId], answer };
}

function lastDayOf({ policy, today }: CaseReading): Day {
  const hold = policy.outcomes.promised?.hold;
  return addDays(today, hold?.until === 'promised-day' ? hold.promisedWithinDaysMax : exampleDaysAhead);
}

/** Promises are on record as outcomes of tasks; the borrower has done this one by themselves. */
async function record(
  tx: Queryable,
  desk: Desk,
  reading: CaseReading,
  { inboundId, customerId }: Heard,
  { day, amountMinor }: { readonly day: Day; readonly amountMinor: number },
  nowMs: number,
): Promise<void> {
  const { loanId, caseNo, stage } = reading.caseRow;
  const taskKey = `${loanId}/${caseNo}/message/${inboundId}`;
  const { task } = await addTask(tx, {
    ...{ taskId: randomUUID(), taskKey, loanId, caseNo, customerId, kind: 'review', stage, asks: [], attempt: 1 },
    ...{ assignee: null, notBeforeMs: nowMs, dueAtMs: nowMs },
  });
  const { task: done } = await completeTask(tx, {
    ...{ taskId: task.taskId, actor: 'borrower', atMs: nowMs, outcome: 'promised', cause: null, willingness: null },
    ...{ note: null, offered: [], promisedDay: day, promisedMinor: amountMinor, contactId: null },
  });
  const rule = reading.policy.outcomes.promised;
  if (rule === undefined) return;
  await followOutcome(tx, desk, reading, {
    task: done,
    contact: null,
    rule,
    outcome: 'promised',
    actor: 'borrower',
    madeAtMs: nowMs,
    nowMs,
  });
}

import type { ContactPack } from '../domain/contact/rule';
import type { Duration } from '../domain/policy-duration';
import type { Queryable } from '../store/database';
import { addCaseTask, endOfDuration } from './add-task';
import type { Desk } from './desk';
import type { Heard } from './heard';
import { readCase } from './read-facts';

export const usualTime: Duration = { amount: 2, unit: 'workingDays' };

/** The longest that any law among the packs gives (47 CFR 64.1200(a)(10)); for a bank that applies none of them too. */
const opposeWithinMax = 10;

/** How long a person may take to say whether a message is an opt-out: the shortest time of the packs in force. */
export function opposeWithin(packs: readonly ContactPack[]): Duration {
  const days = packs
    .flatMap(({ rules }) => rules)
    .flatMap((rule) =>
      rule.kind === 'deadline' && rule.action === 'honour-opt-out' && rule.withinWorkdays !== undefined
        ? [rule.withinWorkdays]
        : [],
    );
  return { amount: Math.min(opposeWithinMax, ...days), unit: 'workingDays' };
}

interface Asked {
  readonly kind: 'review' | 'call';
  readonly asks: readonly string[];
  readonly within: Duration;
  readonly reason: string;
}

/** Asks a person to act on a message, in the first of the sender's open cases. Without one it waits in the list of messages. */
export async function addReplyTask(
  tx: Queryable,
  desk: Desk,
  { inboundId, customerId, cases }: Pick<Heard, 'inboundId' | 'customerId' | 'cases'>,
  { kind, asks, within, reason }: Asked,
  nowMs: number,
): Promise<{ readonly taskId: string | null; readonly dueAtMs: number }> {
  const { calendar } = await desk.policies.latest(tx, desk.policyId);
  const dueAtMs = endOfDuration(calendar, nowMs, within);
  const open = cases.find(({ status }) => status === 'open');
  if (open === undefined) return { taskId: null, dueAtMs };
  const { loanId, caseNo, stage } = open;
  const reading = await readCase(tx, desk, { loanId, caseNo, stage, done: [] }, nowMs);
  const wanted = {
    ...{ taskKey: `${loanId}/${caseNo}/message/${inboundId}/${customerId}`, kind, asks, within, attempt: 1 },
    ...{ reason: `the borrower ${reason}`, notBeforeMs: nowMs },
  };
  const task = await addCaseTask(tx, reading, wanted, nowMs);
  return { taskId: task.taskId, dueAtMs: task.dueAtMs };
}

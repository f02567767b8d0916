import * as wf from '@temporalio/workflow';
import { afterStep } from '../src/domain/after-step';
import type { CaseFacts, CaseState, Decision } from '../src/domain/case';
import { factsExpireAtMs } from '../src/domain/facts-expiry';
import { nextStep } from '../src/domain/next-step';
import type { CaseActivities } from './asks';
import { CaseBoard, sayDecision } from './case-board';
import { type Inbox, receiveMessages } from './inbox';
import { caseQuery, type CaseClosing, type CaseInput, type CaseView } from './messages';

const { assess, takeStep } = wf.proxyActivities<CaseActivities>({
  startToCloseTimeout: '1m', // one attempt
  heartbeatTimeout: '10s', // a worker that was killed is noticed by its silence
  // A case outlives every outage: attempts go on until the world is back, and each one decides on fresh facts.
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
});

/**
 * One overdue loan, from its first reminder to the payment that ends it. Looks at the facts, decides, acts or waits, and
 * looks again when told that the facts changed. All rules are in src/domain; all effects are in activities.
 */
export async function loanCase({ state, historyEventsMax }: CaseInput): Promise<CaseClosing> {
  const board = new CaseBoard();
  const inbox = receiveMessages(state);
  let facts: CaseFacts | null = null;
  let next: Decision | null = null;
  wf.setHandler(caseQuery, () => viewOf(state, facts, next));

  const untilOpenMs = state.openAtMs - Date.now();
  if (untilOpenMs > 0) await wf.sleep(untilOpenMs, { summary: 'opens' });

  for (;;) {
    const { historyLength, continueAsNewSuggested } = wf.workflowInfo();
    if (continueAsNewSuggested || historyLength > historyEventsMax) {
      await wf.condition(wf.allHandlersFinished);
      await wf.continueAsNew<typeof loanCase>({ state, historyEventsMax });
    }
    if (facts === null || inbox.news || isExpired(facts, Date.now())) {
      inbox.news = false;
      facts = await assess({ state, atMs: Date.now() });
      continue;
    }
    next = nextStep(state, facts, Date.now());
    board.show(state, facts, next, Date.now());
    if (next.do === 'wait') {
      await waitFor(inbox, next);
      continue;
    }
    const asked = { state, decision: next, atMs: Date.now() };
    const result = await takeStep.executeWithOptions({ summary: sayDecision(next) }, [asked]);
    state = afterStep(state, next, result.outcome);
    facts = result.facts;
    if (next.do === 'close' && result.outcome.kind === 'done') {
      await wf.condition(wf.allHandlersFinished);
      return { why: next.why, atMs: Date.now() };
    }
  }
}

function isExpired(facts: CaseFacts, nowMs: number): boolean {
  const expireAtMs = factsExpireAtMs(facts);
  return expireAtMs !== null && expireAtMs <= nowMs;
}

/** Rests until the instant or the news, whichever comes first. Nothing is awaited between the decision and this. */
async function waitFor(inbox: Inbox, { untilMs, reason }: Extract<Decision, { do: 'wait' }>): Promise<void> {
  if (untilMs === null) return wf.condition(() => inbox.news);
  await wf.condition(() => inbox.news, Math.max(1, untilMs - Date.now()), { summary: reason });
}

function viewOf(state: CaseState, facts: CaseFacts | null, next: Decision | null): CaseView {
  return {
    state,
    next,
    rawDpd: facts?.rawDpd ?? null,
    effectiveDpd: facts?.effectiveDpd ?? null,
    overdueMinor: facts?.overdueMinor ?? null,
  };
}

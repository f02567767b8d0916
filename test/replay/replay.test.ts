import { describe, expect, it } from '@jest/globals';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import { bundledWorkflows } from '../support/workflow-bundle';
import { keptHistories, textsOf } from './history-files';

const histories = keptHistories();

/** The histories that the workflow code cannot replay, each with the reason. */
async function brokenBy(code: ReplayWorkerOptions): Promise<Map<string, string>> {
  const broken = new Map<string, string>();
  for await (const { workflowId, error } of Worker.runReplayHistories(code, histories)) {
    if (error) broken.set(workflowId, error.message);
  }
  return broken;
}

describe('cases that began under an earlier release', () => {
  it('go on under this one: every kept history replays', async () => {
    const broken = await brokenBy({ workflowBundle: await bundledWorkflows() });
    expect(Object.fromEntries(broken)).toEqual({});
  });

  it('would be stopped by a careless change, and this gate would notice it in each of them', async () => {
    const broken = await brokenBy({ workflowsPath: require.resolve('./broken-twin') });
    expect([...broken.keys()].sort()).toEqual(histories.map(({ workflowId }) => workflowId));
    for (const reason of broken.values()) expect(reason).toMatch(/[Nn]ondeterminism/);
  });
});

describe('the kept histories', () => {
  it('tell of payment, pause, restructure, legal means, covered contacts and continued runs', () => {
    const stories = ['paid-after-reminder', 'pause-and-resume', 'restructure', 'legal', 'covered-1', 'covered-2'];
    const runs = ['continue-as-new-1', 'continue-as-new-2'];
    const names = histories.map(({ workflowId }) => workflowId.slice('replay/'.length));
    expect(names).toEqual(expect.arrayContaining([...stories, ...runs]));
  });

  it('have every kind of event by which a case goes on', () => {
    const seen = new Set(histories.flatMap(({ events }) => events.map(({ eventType }) => eventType)));
    const kinds = [
      ...['ACTIVITY_TASK_COMPLETED', 'TIMER_FIRED', 'TIMER_CANCELED', 'WORKFLOW_EXECUTION_SIGNALED'],
      ...['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED'],
      ...['UPSERT_WORKFLOW_SEARCH_ATTRIBUTES', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'WORKFLOW_EXECUTION_COMPLETED'],
    ];
    expect([...seen]).toEqual(expect.arrayContaining(kinds.map((kind) => `EVENT_TYPE_${kind}`)));
  });
});

describe('a history', () => {
  const personal = /Robin|\+\d{8}|[\w.-]+@[\w-]+\.[a-z]{2,}/i;

  it('holds no name, phone number or mail address of a borrower', () => {
    for (const { workflowId, events } of histories) {
      const found = textsOf(events).filter((text) => personal.test(text));
      expect({ workflowId, found }).toEqual({ workflowId, found: [] });
    }
  });

  it('would show them to this test, also inside a payload', () => {
    const data = Buffer.from(JSON.stringify({ phone: '+447700900001' })).toString('base64');
    const payload = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data };
    expect(textsOf({ events: [{ input: { payloads: [payload] } }] }).some((text) => personal.test(text))).toBe(true);
    expect(textsOf({ events: [{ memo: 'robin@example.com' }] }).some((text) => personal.test(text))).toBe(true);
  });

  it('stays small: no event of it weighs more than eight kilobytes', () => {
    const heaviest = Math.max(
      ...histories.flatMap(({ events }) => events.map((event) => JSON.stringify(event).length)),
    );
    expect(heaviest).toBeLessThan(8 * 1024);
  });
});

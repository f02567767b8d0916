import { setTimeout as sleep } from 'node:timers/promises';

import type { Connection } from '@temporalio/client';
import { msNumberToTs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';

import { EngineError } from './engine-error';
import { failedWith } from './grpc-status';

const { IndexedValueType } = temporal.api.enums.v1;
const MS_PER_DAY = 86_400_000;
const VISIBLE_LIMIT_MS = 60_000;

/** What a case can be found by in Temporal. */
export const SEARCH_ATTRIBUTES = {
  CaseStage: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  CaseStatus: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  RiskTier: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Branch: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Assignee: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  PolicyVersion: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  DaysPastDue: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  AmountOverdueMinor: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  NextActionAt: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  Paused: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
};

/**
 * Creates the namespace and its search attributes where they are missing, and waits until they can be used. Works
 * against any Temporal; leaves the retention of a namespace that is already there as its operator set it.
 */
export async function prepareNamespace(options: {
  connection: Connection;
  namespace: string;
  retentionDays: number;
}): Promise<void> {
  const { connection, namespace, retentionDays } = options;
  const retention = msNumberToTs(retentionDays * MS_PER_DAY);
  await unlessThere(() =>
    connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention }),
  );
  await retried(() => addSearchAttributes(connection, namespace));
  const all = Object.keys(SEARCH_ATTRIBUTES).map((name) => `${name} IS NOT NULL`);
  await retried(() =>
    connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1, query: all.join(' AND ') }),
  );
}

async function addSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in customAttributes));
  const wrong = Object.entries(SEARCH_ATTRIBUTES).filter(([name, type]) => (customAttributes[name] ?? type) !== type);
  if (wrong.length > 0) {
    const names = wrong.map(([name]) => name).join(', ');
    throw new EngineError(
      'SearchAttributeMismatch',
      `Namespace ${namespace} has search attributes of another type: ${names}. Remove them, or use another namespace.`,
    );
  }
  if (missing.length === 0) return;
  await unlessThere(() =>
    connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) }),
  );
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!failedWith(error, 'AlreadyExists')) throw error;
  }
}

// Each member of the cluster learns of a new namespace and its attributes in its own time.
async function retried(call: () => Promise<unknown>): Promise<void> {
  const deadlineMs = Date.now() + VISIBLE_LIMIT_MS;
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      if (error instanceof EngineError || Date.now() > deadlineMs) throw error;
      await sleep(200);
    }
  }
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { TemporalConnection } from '../src/service/connections';
import { type BulkActivityDeps, createBulkActivities } from '../activities/bulk-activities';
import { type CaseActivityDeps, createCaseActivities } from '../activities/case-activities';
import { createRecordActivities, type RecordActivityDeps } from '../activities/record-activities';

export const bundleFile = path.join(__dirname, 'workflow-bundle.js');

export interface CaseWorkerOptions {
  readonly connection: TemporalConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Workflow code that was bundled before; without it the build's, or a fresh one. */
  readonly workflowBundle?: WorkflowBundleOption;
}

export type WorkerDeps = CaseActivityDeps & RecordActivityDeps & BulkActivityDeps;

// Two cores: more activities at once only wait for each other, and each cached workflow costs memory.
const activitiesAtOnce = 40;
const workflowTasksAtOnce = 40;
const cachedWorkflows = 400;

/** The process that hosts workflows and activities. `run` ends after `shutdown` once nothing is under way. */
export async function createCaseWorker(options: CaseWorkerOptions, deps: WorkerDeps): Promise<Worker> {
  const connection = await NativeConnection.connect(options.connection);
  return Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    ...(options.workflowBundle === undefined ? workflows() : { workflowBundle: options.workflowBundle }),
    activities: { ...createCaseActivities(deps), ...createRecordActivities(deps), ...createBulkActivities(deps) },
    maxConcurrentActivityTaskExecutions: activitiesAtOnce,
    maxConcurrentWorkflowTaskExecutions: workflowTasksAtOnce,
    maxCachedWorkflows: cachedWorkflows,
    shutdownGraceTime: '10s',
  });
}

/** The bundle of the build; straight from the sources where nothing was built, as in tests. */
function workflows(): { workflowBundle: WorkflowBundleOption } | { workflowsPath: string } {
  if (existsSync(bundleFile)) return { workflowBundle: { codePath: bundleFile } };
  return { workflowsPath: require.resolve('../workflows/all-workflows') };
}

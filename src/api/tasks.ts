import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { completeTask } from '../cases/complete-task';
import { claimTask, conditionsOf } from '../cases/work-task';
import { taskKinds } from '../domain/case';
import { Refusal } from '../domain/refusal';
import { listTasks } from '../store/task-lists';
import { getTask } from '../store/tasks';
import { access } from './access';
import type { ApiDeps } from './deps';
import { id, noBody, pageOf, paging, shortText } from './shapes';
import { claimedTask, completionBody, shownTask, showTask } from './task-shapes';

const filter = z.object({
  ...paging,
  state: z.enum(['open', 'claimed', 'completed', 'cancelled']).optional(),
  kind: z.enum(taskKinds).optional(),
  assignee: shortText(64).optional(),
  stage: shortText(64).optional(),
  loanId: id.optional(),
  /** What a task asks for, such as limitation or data-request. */
  asks: shortText(64).optional(),
});
const params = z.object({ taskId: z.uuid() });

/** What people are asked to do: calls, visits, reviews, approvals. */
export function taskRoutes({ desk, gate }: ApiDeps): FastifyPluginAsyncZod {
  const config = { allow: access.workTasks };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/tasks',
      { schema: { querystring: filter, response: { 200: pageOf(shownTask) } }, config: { allow: access.readCases } },
      async ({ query }) => {
        const { limit, cursor, ...wanted } = query;
        const { items, nextCursor } = await listTasks(desk.pool, wanted, cursor ?? null, limit);
        return { items: items.map(showTask), nextCursor };
      },
    );

    app.get(
      '/tasks/:taskId',
      { schema: { params, response: { 200: shownTask } }, config: { allow: access.readCases } },
      async (request) => {
        const task = await getTask(desk.pool, request.params.taskId);
        if (task === null) throw new Refusal('NotFound', 'no such task', 'taskId');
        return showTask(task);
      },
    );

    app.post(
      '/tasks/:taskId/claim',
      { schema: { params, body: noBody, response: { 200: claimedTask } }, config },
      async (request) => {
        const { task, contact } = await claimTask(desk, gate, request.params.taskId, request.actor);
        const reserved = contact && {
          contactId: contact.contactId,
          channel: contact.channel,
          contactPoint: contact.contactPoint,
          conditions: [...conditionsOf(contact)],
        };
        return { ...showTask(task), contact: reserved };
      },
    );

    app.post(
      '/tasks/:taskId/complete',
      { schema: { params, body: completionBody, response: { 200: shownTask } }, config },
      async ({ params: { taskId }, body: { madeAt, ...said }, actor }) => {
        const madeAtMs = madeAt === null ? null : Date.parse(madeAt);
        return showTask(await completeTask(desk, gate, taskId, { ...said, madeAtMs }, actor));
      },
    );
  };
}

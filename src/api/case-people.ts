import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { assignCase, escalateCase } from '../cases/escalate-case';
import { decideLegal, proposeLegal } from '../cases/hand-to-legal';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { access } from './access';
import { shownCase, showCaseRow } from './case-shapes';
import type { ApiDeps } from './deps';
import { handoff, showHandoff } from './record-shapes';
import { actorName, loanParams, shortText } from './shapes';

const assignee = actorName.nullable();

/** What people decide about a case: further, whose, and whether it leaves the house. */
export function casePeopleRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  async function read(loanId: string): Promise<z.infer<typeof shownCase>> {
    const row = await getLatestCase(desk.pool, loanId);
    if (row === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
    return showCaseRow(row);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/cases/:loanId/escalate',
      {
        schema: {
          params: loanParams,
          body: z.strictObject({ stage: shortText(64), reason: shortText(200) }),
          response: { 200: shownCase },
        },
        config: { allow: access.supervise },
      },
      async ({ params, body, actor }) => {
        await escalateCase(desk, params.loanId, body.stage, body.reason, actor);
        return read(params.loanId);
      },
    );

    app.put(
      '/cases/:loanId/assignee',
      {
        schema: { params: loanParams, body: z.strictObject({ assignee }), response: { 200: shownCase } },
        config: { allow: access.supervise },
      },
      async ({ params, body, actor }) => {
        await assignCase(desk, params.loanId, body.assignee, actor);
        return read(params.loanId);
      },
    );

    app.post(
      '/cases/:loanId/legal',
      {
        schema: {
          params: loanParams,
          body: z.strictObject({ action: z.enum(['propose', 'approve', 'reject']), reason: shortText(500) }),
          response: { 200: handoff },
        },
        config: { allow: access.handToLegal },
      },
      async ({ params, body, actor }) => {
        const { action, reason } = body;
        if (action === 'propose') return showHandoff(await proposeLegal(desk, params.loanId, reason, actor));
        const state = action === 'approve' ? 'approved' : 'rejected';
        return showHandoff(await decideLegal(desk, params.loanId, { state, reason }, actor));
      },
    );
  };
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decideApproval } from '../cases/decide-approval';
import { approvalKinds, approvalStates } from '../domain/approval';
import { Refusal } from '../domain/refusal';
import { type Approval, getApproval, listApprovals } from '../store/approvals';
import { access } from './access';
import type { ApiDeps } from './deps';
import { id, iso, maybeIso, pageOf, paging, shortText, shownInstant, words } from './shapes';

const filter = z.object({
  ...paging,
  state: z.enum(approvalStates).optional(),
  kind: z.enum(approvalKinds).optional(),
  role: shortText(40).optional(),
  loanId: id.optional(),
});
const params = z.object({ approvalId: z.uuid() });
const decisionBody = z.strictObject({ decision: z.enum(['approve', 'reject']), reason: words });

const shownApproval = z
  .object({
    approvalId: z.string(),
    kind: z.enum(approvalKinds),
    subjectId: z.string(),
    loanId: z.string(),
    caseNo: z.int(),
    role: z.string(),
    terms: z.record(z.string(), z.unknown()),
    state: z.enum(approvalStates),
    proposedBy: z.string(),
    proposedAt: shownInstant,
    decidedBy: z.string().nullable(),
    decidedAt: shownInstant.nullable(),
  })
  .meta({ id: 'Approval' });

/** What waits for a second person. The policy names the role; nobody decides on what they proposed. */
export function approvalRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/approvals',
      {
        schema: { querystring: filter, response: { 200: pageOf(shownApproval) } },
        config: { allow: access.readCases },
      },
      async ({ query: { limit, cursor, ...wanted } }) => {
        const { items, nextCursor } = await listApprovals(desk.pool, wanted, cursor ?? null, limit);
        return { items: items.map(showApproval), nextCursor };
      },
    );

    app.get(
      '/approvals/:approvalId',
      { schema: { params, response: { 200: shownApproval } }, config: { allow: access.readCases } },
      async (request) => {
        const approval = await getApproval(desk.pool, request.params.approvalId);
        if (approval === null) throw new Refusal('NotFound', 'no such approval', 'approvalId');
        return showApproval(approval);
      },
    );

    app.post(
      '/approvals/:approvalId/decision',
      {
        schema: { params, body: decisionBody, response: { 200: shownApproval } },
        config: { allow: access.decideApprovals },
      },
      async ({ params: { approvalId }, body: { decision, reason }, actor }) => {
        const state = decision === 'approve' ? 'approved' : 'rejected';
        return showApproval(await decideApproval(desk, approvalId, { state, reason }, actor));
      },
    );
  };
}

function showApproval({ proposedAtMs, decidedAtMs, ...approval }: Approval): z.infer<typeof shownApproval> {
  return { ...approval, proposedAt: iso(proposedAtMs), decidedAt: maybeIso(decidedAtMs) };
}

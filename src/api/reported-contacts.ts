import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { reportContact } from '../cases/report-contact';
import { causes } from '../domain/cause/cause';
import { purposeCodes } from '../domain/contact/purpose';
import { type ContactOutcome, contactOutcomeCodes } from '../domain/task-outcome';
import { access } from './access';
import type { ApiDeps } from './deps';
import { contact, showContact } from './record-shapes';
import { checkContactPoint, id, loanParams, shortText, words } from './shapes';
import { visitPlan } from './task-shapes';

const reportFields = z.strictObject({
  /** Given by whoever reports: the same report again is known. */
  reportId: id,
  channel: z.enum(['call', 'visit', 'letter']),
  /** inbound: the borrower began it. */
  direction: z.enum(['outbound', 'inbound']).default('outbound'),
  purpose: z.enum(purposeCodes).default('follow-up'),
  at: z.iso.datetime({ offset: true }),
  /** The number that was called, as on record, or the address. One that is nobody's on record counts as the borrower's. */
  contactPoint: shortText(500).nullable().default(null),
  /** How a call or a visit ended; a letter has none. */
  outcome: z
    .enum(contactOutcomeCodes as [ContactOutcome, ...ContactOutcome[]])
    .nullable()
    .default(null),
  /** Who made it for the bank; null for the bank itself. */
  agency: shortText(100).nullable().default(null),
  /** How a visit was made; left out, it breaks every rule that asks how visits are made. */
  visit: visitPlan.nullable().default(null),
  note: words.nullable().default(null),
  /** What it was about, the case's own loan among them; left out: every loan that a message of that day would have named. */
  loanIds: z.array(id).min(1).max(100).optional(),
  /** Why the borrower is behind, where they said so. */
  cause: z.enum(causes).optional(),
});
const reportBody = reportFields.superRefine(checkContactPoint);

const reported = z
  .object({
    contact,
    /** What was unlawful about it; null where nothing was. */
    breach: z.object({ rules: z.array(z.string()), reason: z.string() }).nullable(),
  })
  .meta({ id: 'ReportedContact' });

/** Contacts that were made elsewhere: they count like any other. */
export function reportedContactRoutes({ desk, gate }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/cases/:loanId/contacts',
      {
        schema: { params: loanParams, body: reportBody, response: { 200: reported, 201: reported } },
        config: { allow: access.reportContacts },
      },
      async ({ params, body, actor }, reply) => {
        const { at, ...rest } = body;
        const report = { ...rest, atMs: Date.parse(at) };
        const { contact: made, breach, isNew } = await reportContact(desk, gate, params.loanId, report, actor);
        const shown = breach === null ? null : { rules: [...breach.rules], reason: breach.reason };
        return reply.code(isNew ? 201 : 200).send({ contact: showContact(made), breach: shown });
      },
    );
  };
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { reportContact } from '../cases/report-contact';
import { channels } from '../domain/case';
import { causes } from '../domain/cause/cause';
import { contentTagCodes } from '../domain/contact/content-tag';
import { purposeCodes } from '../domain/contact/purpose';
import { languages } from '../domain/policy';
import { type ContactOutcome, contactOutcomeCodes } from '../domain/task-outcome';
import { access } from './access';
import type { ApiDeps } from './deps';
import { contact, showContact } from './record-shapes';
import { checkContactPoint, id, loanParams, shortText, words } from './shapes';
import { visitPlan } from './task-shapes';

const reportFields = z.strictObject({
  /** Given by whoever reports: the same report again is known. */
  reportId: id,
  channel: z.enum(channels),
  /** inbound: the borrower began it. */
  direction: z.enum(['outbound', 'inbound']).default('outbound'),
  purpose: z.enum(purposeCodes).default('follow-up'),
  at: z.iso.datetime({ offset: true }),
  /** The number that was called, as on record, or the address. One that is nobody's on record counts as the borrower's. */
  contactPoint: shortText(500).nullable().default(null),
  /** How a call or a visit ended; what is written has none. */
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
  /** Of the letter or the e-mail. */
  subject: shortText(300).optional(),
  /** What was written, word for word: judged by the rules of content. Left out, those are listed as unproven. */
  body: z
    .string()
    .max(20_000)
    .regex(/\S/, 'is empty')
    .regex(/^[^\u0000\ufffd\p{Cs}]*$/u, 'holds a character that cannot be stored')
    .optional(),
  /** Of the body, which cannot be judged without it. */
  language: z.enum(languages).optional(),
  /** What the body carries, as whoever wrote it says; left out, its words alone count. */
  tags: z.array(z.enum(contentTagCodes)).max(contentTagCodes.length).optional(),
  /** The name under which it was written; left out, that of the agency, or the bank's. */
  sender: shortText(100).optional(),
});
const reportBody = reportFields.superRefine(checkContactPoint);

const answer = z
  .object({
    contact,
    /** What was unlawful about it; null where nothing was. */
    breach: z.object({ rules: z.array(z.string()), reason: z.string() }).nullable(),
    /** Rules of content that nobody can ask, because the words were not told. */
    unproven: z.array(z.string()),
  })
  .meta({ id: 'ReportedContact' });

/** Contacts that were made elsewhere: they count like any other. */
export function reportedContactRoutes({ desk, gate, config }: ApiDeps): FastifyPluginAsyncZod {
  const reporting = { gate, bankName: config.BANK_NAME };
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/cases/:loanId/contacts',
      {
        schema: { params: loanParams, body: reportBody, response: { 200: answer, 201: answer } },
        config: { allow: access.reportContacts },
      },
      async ({ params, body, actor }, reply) => {
        const { at, ...rest } = body;
        const report = { ...rest, atMs: Date.parse(at) };
        const reported = await reportContact(desk, reporting, params.loanId, report, actor);
        const { contact: made, breach, unproven, isNew } = reported;
        const shown = breach === null ? null : { rules: [...breach.rules], reason: breach.reason };
        return reply
          .code(isNew ? 201 : 200)
          .send({ contact: showContact(made), breach: shown, unproven: [...unproven] });
      },
    );
  };
}

import { createHash, randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { arrangementTerms } from '../cases/arrangement-terms';
import { bankToday } from '../cases/bank-today';
import { commandCase } from '../cases/command-case';
import { causes } from '../domain/cause/cause';
import { pauseReasons, restructureReasons } from '../domain/case';
import { access } from './access';
import type { ApiDeps } from './deps';
import { keyOf } from './keyed-requests';
import { day, loanParams } from './shapes';

const pauseBody = z.strictObject({
  /** The first day of rest; today if it is not named. */
  from: day.optional(),
  /** The first day after it; null or left out while nobody knows. */
  until: day.nullable().default(null),
  reason: z.enum(pauseReasons),
  /** When a supervisor looks at a pause without an end; else the policy says it for the reason. */
  reviewOn: day.optional(),
});

/** Without a reason every pause ends that covers the day; the day may lie in the past or ahead. */
const resumeBody = z.strictObject({ on: day.optional(), reason: z.enum(pauseReasons).optional() }).nullish();

const restructureBody = z.strictObject({
  terms: arrangementTerms,
  reason: z.enum(restructureReasons),
  cause: z.enum(causes).optional(),
});

const answer = z
  .object({ loanId: z.string(), commandId: z.string(), summary: z.string() })
  .meta({ id: 'CommandAnswer' });

/** What a supervisor asks of a running case. Codes, no free text: it goes through the case's history. */
export function caseCommandRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const config = { allow: access.supervise };
  const written = { params: loanParams, response: { 200: answer } };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post('/cases/:loanId/pause', { schema: { ...written, body: pauseBody }, config }, async (request) => {
      const { loanId } = request.params;
      const { from = await bankToday(desk), until, reason, reviewOn } = request.body;
      const commandId = commandIdOf(request);
      const wish = { from, until, reason, actor: request.actor.name };
      const command = { kind: 'pause', ...wish, ...(reviewOn !== undefined && { reviewOn }) } as const;
      return { loanId, commandId, summary: await commandCase(desk, loanId, command, commandId) };
    });

    app.post('/cases/:loanId/resume', { schema: { ...written, body: resumeBody }, config }, async (request) => {
      const { loanId } = request.params;
      const { on = await bankToday(desk), reason } = request.body ?? {};
      const commandId = commandIdOf(request);
      const wish = { on, actor: request.actor.name };
      const command = { kind: 'resume', ...wish, ...(reason !== undefined && { reason }) } as const;
      return { loanId, commandId, summary: await commandCase(desk, loanId, command, commandId) };
    });

    app.post(
      '/cases/:loanId/restructures',
      { schema: { ...written, body: restructureBody }, config },
      async (request) => {
        const { loanId } = request.params;
        const { terms, reason, cause } = request.body;
        const commandId = commandIdOf(request);
        const command = {
          kind: 'restructure',
          terms,
          reason,
          ...(cause !== undefined && { cause }),
          actor: request.actor.name,
        } as const;
        return { loanId, commandId, summary: await commandCase(desk, loanId, command, commandId) };
      },
    );
  };
}

/**
 * The case's own guard against doing a thing twice, also when the answer to the first request was lost with its key.
 * Made of the key, so that the same key on another route or by another caller is another command.
 */
function commandIdOf(request: FastifyRequest): string {
  const key = keyOf(request);
  if (key === null) return randomUUID();
  const name = JSON.stringify([request.actor.name, request.method, request.url, key]);
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

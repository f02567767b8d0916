import path from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../domain/refusal';
import { checkPolicy } from '../policy/check';
import type { FileProblem } from '../policy/located-yaml';
import type { WordingRules } from '../policy/message-wording';
import { readMessages } from '../policy/policy-files';
import { contentHash } from '../policy/stable-json';
import { projectRoot } from '../project-root';
import { getPolicy, latestPolicy, listPolicies, type PolicySummary, publishPolicy } from '../store/policies';
import { access } from './access';
import type { ApiDeps } from './deps';
import { ManyReasons } from './problem';
import { iso, shortText, shownInstant } from './shapes';

const summaryFields = {
  policyId: z.string(),
  version: z.string(),
  contentHash: z.string(),
  publishedAt: shownInstant,
  publishedBy: z.string(),
};
const summary = z.object(summaryFields).meta({ id: 'PolicyVersion' });
const inFull = z.object({ ...summaryFields, document: z.unknown() }).meta({ id: 'PolicyInFull' });

const text = z.union([z.string().min(1), z.record(z.string(), z.unknown())]);
/** YAML as text, or the same as JSON; message templates by name, the service's own where they are left out. */
const publishBody = z.union([
  z.string().min(1).describe('The policy as YAML'),
  z.strictObject({ policy: text, messages: z.record(z.string(), text).optional() }),
]);

const messagesFolder = path.join(projectRoot, 'policies', 'messages');

/** Policies: published once under a version, then only read. */
export function policyRoutes({ desk, gate }: ApiDeps): FastifyPluginAsyncZod {
  const { pool } = desk;

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.addContentTypeParser(
      ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'],
      { parseAs: 'string' },
      (_request, body, done) => done(null, body),
    );

    app.get(
      '/policies',
      {
        schema: { response: { 200: z.object({ items: z.array(summary), nextCursor: z.null() }) } },
        config: { allow: access.readCases },
      },
      async () => ({ items: (await listPolicies(pool)).map(showSummary), nextCursor: null }),
    );

    app.get(
      '/policies/:policyId',
      {
        schema: {
          params: z.object({ policyId: shortText(64) }),
          querystring: z.object({ version: shortText(64).optional() }),
          response: { 200: inFull },
        },
        config: { allow: access.readCases },
      },
      async ({ params: { policyId }, query: { version } }) => {
        const found =
          version === undefined ? await latestPolicy(pool, policyId) : await getPolicy(pool, policyId, version);
        if (found === null) throw new Refusal('NotFound', 'no such policy version', 'policyId');
        return { ...showSummary(found), document: found.document };
      },
    );

    app.post(
      '/policies',
      {
        schema: { body: publishBody, response: { 200: summary, 201: summary } },
        config: { allow: access.publishPolicies },
      },
      async ({ body, actor }, reply) => {
        const day = new Date(await desk.clock.nowMs()).toISOString().slice(0, 10);
        const document = await checked(body, { packs: gate.inForce.packs, day });
        const { id: policyId, version } = document.policy;
        const hash = contentHash(document);
        const published = await publishPolicy(pool, {
          ...{ policyId, version, contentHash: hash, document, publishedBy: actor.name },
        });
        const stored = await getPolicy(pool, policyId, version);
        if (stored === null) throw new Error(`policy ${policyId} ${version} vanished`);
        return reply.code(published === 'published' ? 201 : 200).send(showSummary(stored));
      },
    );
  };
}

async function checked(body: z.infer<typeof publishBody>, rules: WordingRules) {
  const { policy, messages } = typeof body === 'string' ? { policy: body, messages: undefined } : body;
  const templates =
    messages === undefined
      ? await readMessages(messagesFolder)
      : new Map(Object.entries(messages).map(([name, value]) => [name, source(`messages/${name}.yaml`, value)]));
  const { document, problems } = checkPolicy(source('policy.yaml', policy), templates, rules);
  if (document !== null) return document;
  throw new ManyReasons('PolicyInvalid', `${problems.length} problems`, problems.map(showProblem));
}

function source(file: string, value: string | Record<string, unknown>) {
  return { file, text: typeof value === 'string' ? value : JSON.stringify(value) };
}

function showProblem({ file, line, column, path: where, reason }: FileProblem) {
  return {
    field: where === '' ? path.basename(file) : where,
    reason: `${path.basename(file)}:${line}:${column}: ${reason}`,
  };
}

function showSummary({ publishedAtMs, ...rest }: PolicySummary): z.infer<typeof summary> {
  return { ...rest, publishedAt: iso(publishedAtMs) };
}

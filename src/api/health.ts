import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../domain/refusal';
import type { ApiDeps } from './deps';

const limitMs = 2_000;
const config = { rateLimit: false } as const;

/** Is the process there, and can it work. */
export function healthRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const checks = {
    database: () => desk.pool.query('select'),
    temporal: () =>
      desk.connection.withDeadline(Date.now() + limitMs, () =>
        desk.connection.workflowService.describeNamespace({ namespace: desk.namespace }),
      ),
  };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    const alive = z.object({ status: z.literal('ok') });
    app.get('/healthz', { schema: { response: { 200: alive } }, config, logLevel: 'warn' }, () => ({
      status: 'ok' as const,
    }));

    app.get('/readyz', { schema: { response: { 200: alive } }, config, logLevel: 'warn' }, async () => {
      const names = Object.keys(checks) as (keyof typeof checks)[];
      const answers = await Promise.all(names.map(async (name) => ({ name, ok: await inTime(checks[name]()) })));
      const missing = answers.filter(({ ok }) => !ok).map(({ name }) => name);
      if (missing.length > 0) throw new Refusal('Unavailable', `cannot be reached: ${missing.join(', ')}`);
      return { status: 'ok' as const };
    });
  };
}

async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

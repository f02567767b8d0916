import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { Desk } from '../cases/desk';
import { many } from '../store/rows';

const countRow = z.object({ stage: z.string(), cases: z.int() });

/** Prometheus: the process, how long routes take, and open cases by stage. */
export function measure(app: FastifyInstance, { pool }: Desk): void {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const seconds = new Histogram({
    name: 'arrears_http_request_duration_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  });
  new Gauge({
    name: 'arrears_open_cases',
    help: 'Open cases by stage',
    labelNames: ['stage'],
    registers: [register],
    async collect() {
      this.reset();
      const text = `select stage, count(*) as cases from loan_case where status = 'open' group by stage`;
      // Without the database the other figures are still worth having.
      const rows = await many(pool, countRow, text).catch(() => []);
      for (const { stage, cases } of rows) this.set({ stage }, cases);
    },
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route = 'none' } = request.routeOptions;
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
  app.get(
    '/metrics',
    { config: { rateLimit: false }, schema: { hide: true }, logLevel: 'warn' },
    async (_request, reply) => {
      return reply.type(register.contentType).send(await register.metrics());
    },
  );
}

import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import type { Desk } from '../cases/desk';
import { deadlineCounts } from '../store/deadlines';
import { alertCounts } from '../store/operations-alerts';
import { unmatchedReports } from '../store/provider-reports';
import { many } from '../store/rows';

const countRow = z.object({ stage: z.string(), cases: z.int() });

/** Prometheus: the process, how long routes take, and open cases by stage. */
export function measure(app: FastifyInstance, desk: Desk): void {
  const { pool } = desk;
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
  measureProviders(register, pool);
  measureDeadlines(register, desk);
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

/** What providers said that nobody can place, what somebody has to put right, and what waits for a person. */
function measureProviders(register: Registry, pool: Desk['pool']): void {
  new Gauge({
    name: 'arrears_provider_reports_unmatched',
    help: 'Reports of providers about a message that nobody knows',
    labelNames: ['provider'],
    registers: [register],
    async collect() {
      this.reset();
      for (const { provider, count } of await unmatchedReports(pool).catch(() => [])) this.set({ provider }, count);
    },
  });
  new Gauge({
    name: 'arrears_operations_alerts',
    help: 'Messages that failed through an account, a sender, a route or a text of ours, or were made after they were given back',
    labelNames: ['kind', 'provider', 'code'],
    registers: [register],
    async collect() {
      this.reset();
      for (const { count, ...labels } of await alertCounts(pool).catch(() => [])) this.set(labels, count);
    },
  });
  new Gauge({
    name: 'arrears_contacts_unsettled',
    help: 'Messages whose end is not known, or not yet, by state',
    labelNames: ['state'],
    registers: [register],
    async collect() {
      this.reset();
      const text = `select state as stage, count(*) as cases from contact
        where state in ('reserved', 'unknown') and channel in ('sms', 'email') group by state`;
      for (const { stage, cases } of await many(pool, countRow, text).catch(() => []))
        this.set({ state: stage }, cases);
    },
  });
}

/** Time limits that people were reminded of and that are not met. */
function measureDeadlines(register: Registry, { pool, policies, policyId, clock }: Desk): void {
  new Gauge({
    name: 'arrears_deadlines',
    help: 'Time limits that come near or were missed, by what they ask for',
    labelNames: ['kind', 'state'],
    registers: [register],
    async collect() {
      this.reset();
      const read = async () => {
        const { calendar } = await policies.latest(pool, policyId);
        const nowMs = await clock.nowMs();
        return deadlineCounts(pool, nowMs, calendar.dayOf(nowMs));
      };
      for (const { kind, missed, count } of await read().catch(() => [])) {
        this.set({ kind, state: missed ? 'missed' : 'ahead' }, count);
      }
    },
  });
}

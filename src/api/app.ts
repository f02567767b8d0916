import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { Refusal } from '../domain/refusal';
import { answerProblems, clientErrorAnswer, newRequestId, sendProblem } from './answers';
import { approvalRoutes } from './approvals';
import { arrangementRoutes } from './arrangements';
import { bookRoutes } from './book';
import { callRoutes } from './calls';
import { caseCommandRoutes } from './case-commands';
import { casePeopleRoutes } from './case-people';
import { caseRecordRoutes } from './case-records';
import { caseRoutes } from './cases';
import { causeRoutes } from './causes';
import { classificationRoutes } from './classification';
import { contactFactRoutes } from './contact-facts';
import { courtFileRoutes } from './court-file';
import { customerRecordRoutes } from './customer-records';
import { customerRoutes } from './customers';
import type { ApiDeps } from './deps';
import { disputeRoutes } from './disputes';
import { dossierRoutes } from './dossier';
import { endingRoutes } from './endings';
import { healthRoutes } from './health';
import { importRoutes } from './imports';
import { keepAnswers } from './keyed-requests';
import { loanRoutes } from './loans';
import { mailWebhookRoutes } from './mail-webhook';
import { messageRoutes } from './messages';
import { measure } from './metrics';
import { describeApi } from './openapi';
import { outboxRoutes } from './outbox';
import { packRoutes } from './packs';
import { pauseRoutes } from './pauses';
import { paymentRoutes } from './payments';
import { policyRoutes } from './policies';
import { problemOf } from './problem';
import { promiseRoutes } from './promises';
import { recordingRoutes } from './recordings';
import { reportedContactRoutes } from './reported-contacts';
import { taskRoutes } from './tasks';
import { timeRoutes } from './time';
import { toRefusal } from './to-refusal';
import { unsubscribeRoutes } from './unsubscribe';
import { voiceWebhookRoutes } from './voice-webhooks';
import { waiverRoutes } from './waivers';
import { webhookRoutes } from './webhooks';
import { identifyActors } from './who';

const bodyBytesMax = 1_048_576;
// A workflow service that is away must not hold the caller; cases on their way through time take longer to answer.
const temporalLimitMs = 5_000;
const travellingLimitMs = 120_000;

/** The HTTP service, ready to listen. `close` lets requests that are under way end. */
export async function createApp(deps: ApiDeps): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = deps.logger;
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    bodyLimit: bodyBytesMax,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    frameworkErrors(error, request, reply) {
      const { refusal, status } = toRefusal(error);
      void sendProblem(request, reply, problemOf(refusal, status));
    },
    clientErrorHandler(_error, socket) {
      if (socket.writable) socket.end(clientErrorAnswer());
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // First, because a plugin sees only what was there before it.
  app.decorateRequest('actor');
  app.decorateRequest('keyed', null);
  readJson(app);
  answerProblems(app);
  logAnswers(app);
  await describeApi(app);
  measure(app, deps.desk);
  identifyActors(app, deps.config.ARREARS_API_KEYS);
  await limitRate(app, deps);
  limitTemporal(app, deps);
  keepAnswers(app, deps.desk.pool);

  await app.register(healthRoutes(deps));
  await app.register(unsubscribeRoutes(deps));
  for (const routes of resources) await app.register(routes(deps), { prefix: '/v1' });
  await app.ready();
  return app;
}

const resources = [
  ...[customerRoutes, customerRecordRoutes, loanRoutes, classificationRoutes, bookRoutes, paymentRoutes, importRoutes],
  ...[caseRoutes, caseRecordRoutes, caseCommandRoutes, casePeopleRoutes, dossierRoutes, courtFileRoutes, taskRoutes],
  ...[pauseRoutes, disputeRoutes, arrangementRoutes, approvalRoutes, causeRoutes, promiseRoutes, endingRoutes],
  ...[waiverRoutes],
  ...[contactFactRoutes, packRoutes],
  ...[policyRoutes, timeRoutes, outboxRoutes, webhookRoutes, mailWebhookRoutes, messageRoutes],
  ...[callRoutes, voiceWebhookRoutes, reportedContactRoutes, recordingRoutes],
];

/** JSON and nothing else, unless a route says so. An empty body is none: some clients label it all the same. */
function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}

/** One line per answer: the route's pattern, never its address, body or headers. */
function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route = 'none' } = request.routeOptions;
    const answered = { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    request.log.info(answered, 'answered');
    done();
  });
}

async function limitRate(app: FastifyInstance, { config }: ApiDeps): Promise<void> {
  await app.register(rateLimit, {
    max: config.ARREARS_RATE_PER_MINUTE,
    timeWindow: '1 minute',
    keyGenerator: (request) =>
      request.routeOptions.config.allow === undefined ? request.ip : `actor ${request.actor.name}`,
    errorResponseBuilder: (_request, { max, after }) =>
      new Refusal('RateLimited', `${max} requests a minute are answered; again in ${after}`),
  });
}

function limitTemporal(app: FastifyInstance, { desk }: ApiDeps): void {
  const limitMs = desk.timeTravel ? travellingLimitMs : temporalLimitMs;
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.routeOptions.config.unhurried === true) {
      done();
      return;
    }
    // What follows inherits the deadline, because it is called from inside.
    void desk.connection.withDeadline(Date.now() + limitMs, () => {
      done();
      return Promise.resolve();
    });
  });
}

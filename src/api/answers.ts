import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/refusal';
import { type Problem, problemMediaType, problemOf, problemSchema } from './problem';
import { toRefusal } from './to-refusal';

const retryAfterSeconds = 2;

/** Every failure leaves by one of these, as a problem document. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const { refusal, status } = toRefusal(error);
    if (refusal.type === 'Internal') request.log.error({ fault: faultOf(error) }, 'fault');
    return sendProblem(request, reply, problemOf(refusal, status));
  });
  app.setNotFoundHandler((request, reply) => {
    return sendProblem(request, reply, problemOf(new Refusal('NotFound', 'there is no such address')));
  });
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503) void reply.header('retry-after', retryAfterSeconds);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  // What is left of an upload that was refused would be read as the next request.
  if (problem.status === 413) void reply.header('connection', 'close');
  void reply.header('x-request-id', request.id);
  return reply.code(problem.status).type(problemMediaType).send(JSON.stringify(problem));
}

/** What the log may know of a fault. Texts of the database repeat values of rows, which are personal data. */
export function faultOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  const fromDatabase = 'severity' in error;
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12);
  return { name: error.name, code, ...(fromDatabase ? {} : { message: error.message }), frames };
}

/** Bytes that are not HTTP: nothing of the framework is there yet. */
export function clientErrorAnswer(): string {
  const problem = JSON.stringify(problemOf(new Refusal('InputInvalid', 'this is not HTTP/1.1')));
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: ${problemMediaType}\r\nConnection: close\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(problem)}\r\n\r\n${problem}`;
}

const shared = { content: { [problemMediaType]: { schema: problemSchema } } };

/** Said of every route in the published description. */
export const problemResponses = {
  '4xx': { description: 'Refused', ...shared },
  '5xx': { description: 'Not available, or a fault of this service', ...shared },
};

export const newRequestId = (): string => randomUUID();

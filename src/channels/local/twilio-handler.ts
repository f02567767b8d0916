import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultQueue } from './faults';
import type { Outbox } from './outbox';
import type { createDelivery } from './twilio-delivery';
import { toOutboxMessage, toTwilioMessage } from './twilio-message';
import { pageOf } from './twilio-page';
import type { LocalCalls } from './twilio-calls';
import { refusalOf, type TwilioRefusal } from './twilio-refusals';
import { answerVoice, type CallFault } from './twilio-voice-handler';

const MAX_REQUEST_BYTES = 64 * 1024;

/** What can go wrong with one send. Only after `cut-after-accept` has the message been taken. */
export type SmsFault = '500' | '429' | 'no-answer' | 'cut-after-accept' | 'cut-before-accept';

interface HandlerOptions {
  accountSid: string;
  authToken: string;
  outbox: Outbox;
  faults: FaultQueue<SmsFault>;
  delivery: ReturnType<typeof createDelivery>;
  calls: LocalCalls;
  callFaults: FaultQueue<CallFault>;
  nowMs: () => number;
}

/** Answers the requests of Twilio's message resource for one account. */
export function createTwilioHandler(options: HandlerOptions) {
  const { accountSid, authToken, outbox, faults, delivery, calls, callFaults, nowMs } = options;
  const expectedAuthorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const account = `/2010-04-01/Accounts/${accountSid}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.headers.authorization !== expectedAuthorization) {
      refuse(response, { httpStatus: 401, code: 20003, message: 'Authenticate' });
    } else if (url.pathname === `${account}/Messages.json`) {
      if (request.method === 'POST') await create(request, response);
      else json(response, 200, pageOf(options, url));
    } else if (/^\/(Calls|Recordings)\b/.test(url.pathname.slice(account.length))) {
      await voice(request, response, url.pathname.slice(account.length));
    } else {
      const sid = new RegExp(`^${account}/Messages/(\\w+)\\.json$`).exec(url.pathname)?.[1];
      const message = sid === undefined ? undefined : outbox.find(sid);
      if (message === undefined || request.method !== 'GET') refuse(response, notFound(url.pathname));
      else json(response, 200, toTwilioMessage(accountSid, message));
    }
  }

  async function voice(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const form = new URLSearchParams(await readBody(request));
    const fault = request.method === 'POST' && path === '/Calls.json' ? callFaults.take() : null;
    if (fault !== null && fault !== 'cut-after-accept') {
      fail(request, response, fault);
      return;
    }
    const answered = answerVoice(accountSid, calls, { method: request.method ?? 'GET', path, form });
    if (fault === 'cut-after-accept') request.socket.destroy();
    else if (answered === null) refuse(response, notFound(path));
    else if ('code' in answered) refuse(response, answered);
    else if (answered.body === null) response.writeHead(answered.status).end();
    else json(response, answered.status, answered.body);
  }

  async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readBody(request));
    const fault = faults.take();
    if (fault !== null && fault !== 'cut-after-accept') {
      fail(request, response, fault);
      return;
    }
    const refusal = refusalOf(form);
    if (refusal !== null) {
      refuse(response, refusal);
      return;
    }
    const message = toOutboxMessage(form, nowMs());
    outbox.add(message);
    await delivery.start(message, form.get('StatusCallback'));
    if (fault === 'cut-after-accept') request.socket.destroy();
    else json(response, 201, toTwilioMessage(accountSid, message));
  }

  return answer;
}

/** Ends a request as a provider in trouble does; nothing was taken. */
function fail(
  request: IncomingMessage,
  response: ServerResponse,
  fault: Exclude<SmsFault & CallFault, 'cut-after-accept'>,
): void {
  if (fault === 'no-answer') return;
  if (fault === 'cut-before-accept') request.socket.destroy();
  else if (fault === '500') refuse(response, { httpStatus: 500, code: 20500, message: 'Internal Server Error' });
  else {
    response.setHeader('Retry-After', '1');
    refuse(response, { httpStatus: 429, code: 20429, message: 'Too Many Requests' });
  }
}

function notFound(path: string): TwilioRefusal {
  return { httpStatus: 404, code: 20404, message: `The requested resource ${path} was not found` };
}

function refuse(response: ServerResponse, { httpStatus, code, message }: TwilioRefusal): void {
  const moreInfo = `https://www.twilio.com/docs/errors/${code}`;
  json(response, httpStatus, { code, message, more_info: moreInfo, status: httpStatus });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new Error('request too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

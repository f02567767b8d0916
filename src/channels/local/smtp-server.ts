import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type BounceReport, bounceOf, type MailWebhook, postMail } from './bounce';
import { createFaultQueue, type FaultQueue } from './faults';
import { listenOnLoopback } from './loopback';
import type { Outbox, OutboxMessage } from './outbox';

/** `cut-after-data` takes the message and loses the answer; `cut-before-data` ends the line before it. */
export type MailFault = 'cut-after-data' | 'cut-before-data';

export interface LocalSmtp {
  url: string;
  faults: FaultQueue<MailFault>;
  /** Plays what comes back to a message that was taken: posts the raw mail to the webhook, answers the HTTP status. */
  bounce: (message: OutboxMessage, webhook: MailWebhook, report: BounceReport) => Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a mail server on this host that keeps what it gets. `bounce…@` does not exist there and `full…@` is full. */
export async function startLocalSmtp(options: {
  port: number;
  outbox: Outbox;
  nowMs?: () => number;
}): Promise<LocalSmtp> {
  const { port, outbox, nowMs = Date.now } = options;
  const faults = createFaultQueue<MailFault>();
  const sockets = new Map<number, Socket>();
  const cut = (session: SMTPServerSession) => sockets.get(session.remotePort)?.destroy();
  let fault: MailFault | null = null;

  const server = new SMTPServer({
    // The built-in certificate is public knowledge; without it a client needs no exception in its TLS settings.
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    hideDSN: false,
    disableReverseLookup: true,
    closeTimeout: 500,
    logger: false,
    onMailFrom(_address, session, done) {
      fault = faults.take();
      if (fault === 'cut-before-data') cut(session);
      else done();
    },
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('bounce')) done(refusal(550, '5.1.1 The mailbox does not exist'));
      else if (address.startsWith('full')) done(refusal(452, '4.2.2 The mailbox is full'));
      else done();
    },
    onData(stream, session, done) {
      const lost = fault === 'cut-after-data';
      simpleParser(stream).then(
        (mail) => {
          outbox.add(toOutboxMessage(mail, session, nowMs()));
          if (lost) cut(session);
          else done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error('the message could not be read')),
      );
    },
  });
  server.server.on('connection', (socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  // A connection that a fault or a client cuts is no event here.
  server.on('error', () => undefined);
  const boundPort = await listenOnLoopback(server.server, port);

  return {
    url: `smtp://127.0.0.1:${boundPort}`,
    faults,
    bounce: (message, webhook, report) => postMail(webhook, bounceOf(message, report, nowMs())),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

function toOutboxMessage(mail: ParsedMail, session: SMTPServerSession, nowMs: number): OutboxMessage {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    id: randomUUID(),
    channel: 'email',
    to: rcptTo.map(({ address }) => address).join(', '),
    from: mail.from?.text ?? (mailFrom === false ? '' : mailFrom.address),
    subject: mail.subject ?? null,
    body: (mail.text ?? '').trimEnd(),
    providerId: mail.messageId ?? '',
    receivedAt: new Date(nowMs).toISOString(),
    status: 'delivered',
    headers: {
      ...Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()])),
      'envelope-id': session.envelope.dsn?.envid ?? '',
      'envelope-from': mailFrom === false ? '' : mailFrom.address,
    },
  };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

import type { Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { SendOutcome } from './outcome';
import { outcomeOfSmtpError } from './smtp-outcome';

export interface EmailToSend {
  to: string;
  subject: string;
  text: string;
  /** Ours, `local@domain` with or without brackets; the same attempt always has the same one. */
  messageId: string;
  /** Our id of the intent: bounces and complaints are matched by it. */
  contactId: string;
  /** Where one POST ends e-mail to this person (RFC 8058). */
  unsubscribeUrl: string | null;
}

export interface EmailChannel {
  /** Makes one attempt. Never throws for anything the server or the network does. */
  send(email: EmailToSend): Promise<SendOutcome>;
  /** Closes idle connections at once and busy ones after the message they carry. */
  close(): void;
}

interface Handover {
  /** The finished message; whether anything was read from it tells whether DATA had begun. */
  message: Readable | null;
}

/** E-mail through an SMTP relay. TLS is required unless the relay is on this host or the URL says `requireTLS=false`. */
export function createSmtpMail(options: {
  url: string;
  from: string;
  timeoutMs: number;
  /** Where bounces go, with the intent's id behind a plus sign (VERP); without it they go to `from`. */
  returnPath?: string | undefined;
}): EmailChannel {
  const { url, from, timeoutMs, returnPath } = options;
  const transport = createTransport({
    pool: true,
    url,
    requireTLS: !isLoopback(new URL(url).hostname),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // Whether a message may go out again is never for the pool to decide.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport.use('stream', (mail, done) => {
    const { handover } = mail.data as unknown as { handover: Handover };
    mail.message.processFunc((message) => {
      handover.message = message;
      return message;
    });
    done();
  });

  return {
    async send({ to, subject, text, messageId, contactId, unsubscribeUrl }) {
      const handover: Handover = { message: null };
      const email: SendMailOptions & { handover: Handover } = {
        from,
        // An object, so that a comma in it cannot add a second recipient.
        to: { name: '', address: to },
        subject,
        text,
        messageId,
        ...(returnPath !== undefined && {
          envelope: { from: verpAddress(returnPath, contactId), to: [{ name: '', address: to }] },
        }),
        headers: mailHeaders(contactId, unsubscribeUrl, from),
        // Left out by the library where the server does not offer it.
        dsn: { id: contactId, return: 'headers', notify: ['failure', 'delay'], recipient: to },
        // The timeouts above are per silence; this one is the whole attempt, the wait for a connection included.
        signal: AbortSignal.timeout(timeoutMs),
        handover,
      };
      try {
        await transport.sendMail(email);
        return { kind: 'accepted', providerId: messageId, acceptedAtMs: Date.now() };
      } catch (error) {
        return outcomeOfSmtpError(error, handover.message?.readableDidRead ?? false);
      }
    },
    close: () => transport.close(),
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

function mailHeaders(contactId: string, unsubscribeUrl: string | null, from: string): Record<string, HeaderValue> {
  return {
    'X-Intent-Id': contactId,
    // No out-of-office answers to a machine.
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'OOF, AutoReply',
    ...(unsubscribeUrl !== null && {
      // Prepared: some relays break signatures over a header that was folded.
      'List-Unsubscribe': {
        prepared: true,
        value: `<${unsubscribeUrl}>, <mailto:${addressIn(from)}?subject=unsubscribe>`,
      },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }),
  };
}

type HeaderValue = string | { prepared: boolean; value: string };

/** `bounces@bank` becomes `bounces+id@bank`. */
function verpAddress(returnPath: string, contactId: string): string {
  const at = returnPath.lastIndexOf('@');
  return `${returnPath.slice(0, at)}+${contactId}${returnPath.slice(at)}`;
}

function addressIn(mailbox: string): string {
  return /<([^>]+)>/.exec(mailbox)?.[1] ?? mailbox;
}

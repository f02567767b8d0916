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
  contactId: string;
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
export function createSmtpMail(options: { url: string; from: string; timeoutMs: number }): EmailChannel {
  const { url, from, timeoutMs } = options;
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
    async send({ to, subject, text, messageId, contactId }) {
      const handover: Handover = { message: null };
      const email: SendMailOptions & { handover: Handover } = {
        from,
        // An object, so that a comma in it cannot add a second recipient.
        to: { name: '', address: to },
        subject,
        text,
        messageId,
        headers: { 'X-Contact-Id': contactId },
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

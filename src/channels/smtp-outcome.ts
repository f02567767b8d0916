import type { RefusalEffect, SendOutcome } from './outcome';

type Failure = Exclude<SendOutcome, { kind: 'accepted' }>;

/** What nodemailer tells about a failed send. */
interface SmtpError {
  code: string | null;
  command: string | null;
  responseCode: number | null;
  /** The enhanced status of RFC 3463, such as 5.1.1. */
  status: string | null;
}

/**
 * How a failed send ended. Nodemailer reports every broken connection as command CONN, before DATA and after it alike,
 * so the caller says whether any byte of the message had been handed to the connection.
 */
export function outcomeOfSmtpError(thrown: unknown, bodyHandedOver: boolean): Failure {
  const error = parseSmtpError(thrown);
  const { code, command, responseCode } = error;
  // A reply counts as the answer to this message unless the line merely broke, with a farewell, after the body.
  if (responseCode !== null && !(bodyHandedOver && command === 'CONN')) return outcomeOfReply(error, responseCode);
  if (bodyHandedOver)
    return { kind: 'unknown', reason: `the connection ended after the message (${code ?? 'no code'})` };
  if (code === 'EENVELOPE') {
    return { kind: 'refused', code, reason: 'not an e-mail address', effect: 'bad-contact-point' };
  }
  if (code === 'EMESSAGE') {
    return { kind: 'refused', code, reason: 'larger than the server allows', effect: 'content' };
  }
  return { kind: 'busy', retryAfterMs: null };
}

function outcomeOfReply(error: SmtpError, responseCode: number): Failure {
  // A server that will not talk at all has not seen the message.
  if (error.command !== null && /^(CONN|EHLO|HELO|STARTTLS)$/.test(error.command)) {
    return { kind: 'busy', retryAfterMs: null };
  }
  // 503 says the session was in the wrong state, not that the message was refused.
  if (responseCode < 500 || responseCode === 503) return { kind: 'busy', retryAfterMs: null };
  const effect = effectOfRefusal(error, responseCode);
  const during = error.command === null ? '' : ` at ${error.command.split(' ')[0] ?? ''}`;
  return { kind: 'refused', code: error.status ?? String(responseCode), reason: `${reasons[effect]}${during}`, effect };
}

type MailEffect = Exclude<RefusalEffect, 'no-sms'>;

const reasons: Readonly<Record<MailEffect, string>> = {
  'opt-out': 'the recipient opted out',
  'bad-contact-point': 'the mailbox does not exist or is closed',
  configuration: 'the server does not accept our account or sender',
  content: 'the server refused the message itself',
  none: 'the server refused by its policy',
};

function effectOfRefusal({ code, command, status }: SmtpError, responseCode: number): MailEffect {
  if (code === 'EAUTH' || command?.startsWith('AUTH') || command === 'MAIL FROM') return 'configuration';
  // Sender address, authentication, SPF, DKIM, DMARC and reverse DNS: ours to put right.
  if (status !== null && /^5\.(1\.[78]|7\.(8|9|2[0-9]|30))$/.test(status)) return 'configuration';
  if (status !== null && /^5\.(1\.|2\.1$|4\.4$)/.test(status)) return 'bad-contact-point';
  if (status !== null && /^5\.(6\.|2\.3$|3\.4$)/.test(status)) return 'content';
  if (status !== null && !status.startsWith('5.0.')) return 'none';
  if (command === 'RCPT TO' && [550, 551, 553].includes(responseCode)) return 'bad-contact-point';
  return command === 'DATA' ? 'content' : 'none';
}

function parseSmtpError(thrown: unknown): SmtpError {
  const { code, command, responseCode, response } = (thrown ?? {}) as Record<string, unknown>;
  const status = typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined;
  return {
    code: typeof code === 'string' ? code : null,
    command: typeof command === 'string' ? command : null,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    status: status ?? null,
  };
}

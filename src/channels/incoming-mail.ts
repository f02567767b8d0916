import { createHash } from 'node:crypto';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';

/** What a mail that came back says of one recipient (RFC 3464). */
export interface RecipientReport {
  readonly action: string;
  /** Class, subject and detail, such as `5.1.1`. */
  readonly status: string;
  /** The addresses that the report names, in small letters. */
  readonly recipients: readonly string[];
}

/** A mail that somebody's mail system or somebody themselves sent to us. */
export type IncomingMail = { readonly providerId: string } & (
  | { readonly kind: 'report'; readonly about: readonly string[]; readonly recipients: readonly RecipientReport[] }
  /** The reader called it spam (RFC 5965). */
  | { readonly kind: 'complaint'; readonly about: readonly string[] }
  /** Sent by a machine that nobody asked: out of office, and the like. */
  | { readonly kind: 'automatic' }
  | { readonly kind: 'message'; readonly from: string; readonly subject: string; readonly text: string }
);

const textCharsMax = 10_000;

/** Reads a raw RFC 5322 message. Null where it is none: no sender and no report. */
export async function readIncomingMail(raw: Buffer): Promise<IncomingMail | null> {
  const mail = await simpleParser(raw, { keepDeliveryStatus: true, skipImageLinks: true, skipTextToHtml: true });
  const providerId = mail.messageId ?? `sha256:${createHash('sha256').update(raw).digest('hex')}`;
  const status = partOf(mail, 'message/delivery-status');
  if (status !== null) {
    const [first = new Map<string, string>(), ...others] = groupsOf(status);
    const about = [first.get('original-envelope-id'), ...idsIn(mail)];
    return { providerId, kind: 'report', about: known(about), recipients: others.map(recipientOf) };
  }
  if (partOf(mail, 'message/feedback-report') !== null) {
    return { providerId, kind: 'complaint', about: known(idsIn(mail)) };
  }
  if (isAutomatic(mail)) return { providerId, kind: 'automatic' };
  const from = mail.from?.value[0]?.address?.toLowerCase();
  if (from === undefined || from === '') return null;
  const text = ownWords(mail.text ?? '').slice(0, textCharsMax);
  return { providerId, kind: 'message', from, subject: mail.subject ?? '', text };
}

function recipientOf(fields: ReadonlyMap<string, string>): RecipientReport {
  const names = [fields.get('original-recipient'), fields.get('final-recipient')];
  return {
    action: (fields.get('action') ?? '').toLowerCase(),
    status: /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? '',
    recipients: known(names).map((name) => name.replace(/^[^;]*;\s*/, '').toLowerCase()),
  };
}

/** Ids by which the message that is talked about may be ours: those in its headers, and in the address that bounced (VERP). */
function idsIn(mail: ParsedMail): readonly (string | undefined)[] {
  const returned = partOf(mail, 'text/rfc822-headers') ?? partOf(mail, 'message/rfc822') ?? '';
  const headers = groupsOf(returned)[0] ?? new Map<string, string>();
  const to = [mail.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ''));
  return [
    headers.get('x-intent-id'),
    /<([^@>]+)@/.exec(headers.get('message-id') ?? '')?.[1],
    ...to.map((address) => /\+([^@+]+)@/.exec(address)?.[1]),
  ];
}

const known = (texts: readonly (string | undefined)[]): string[] =>
  texts.map((text) => text?.trim() ?? '').filter((text) => text !== '');

function partOf({ attachments }: ParsedMail, type: string): string | null {
  const found: Attachment | undefined = attachments.find(({ contentType }) => contentType.toLowerCase() === type);
  return found === undefined ? null : found.content.toString('utf8');
}

/** Header fields by their names in small letters, a group for each paragraph. */
function groupsOf(text: string): ReadonlyMap<string, string>[] {
  return text
    .replace(/\r\n/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .trim()
    .split(/\n\n+/)
    .map((group) => {
      const fields = group.split('\n').flatMap((line): [string, string][] => {
        const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.trim()]];
      });
      return new Map(fields);
    });
}

function isAutomatic({ headers }: ParsedMail): boolean {
  const said = (name: string): string => {
    const value = headers.get(name);
    return typeof value === 'string' ? value.trim().toLowerCase() : '';
  };
  if (!['', 'no'].includes(said('auto-submitted'))) return true;
  if (headers.has('x-autoreply') || headers.has('x-autorespond')) return true;
  return ['auto_reply', 'bulk', 'list', 'junk'].includes(said('precedence'));
}

/** What the person wrote, without what they quote. */
function ownWords(text: string): string {
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  const quoteBegins = lines.findIndex((line) =>
    /^\s*(>|-- ?$|-{2,}\s*(original message|原始邮件)|_{5,}|on .{0,200}wrote:\s*$|.{0,100}写道[:：]\s*$)/i.test(line),
  );
  return (quoteBegins < 0 ? lines : lines.slice(0, quoteBegins)).join('\n').trim();
}

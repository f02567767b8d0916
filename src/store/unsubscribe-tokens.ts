import { createHash, randomBytes } from 'node:crypto';
import { type Contact, contactColumns, contactRow } from './contact-row';
import type { Queryable } from './database';
import { execute, maybeOne } from './rows';

/** 128 random bits: short enough for one line of a header, long enough that nobody guesses one. */
const tokenBytes = 16;

/** Makes the secret of a message's unsubscribe address. Only its hash is kept. */
export async function issueUnsubscribeToken(db: Queryable, contactId: string): Promise<string> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const text = 'insert into unsubscribe_token (token_hash, contact_id) values ($1, $2)';
  await execute(db, text, [hashOf(token), contactId]);
  return token;
}

/** The e-mail whose unsubscribe address this is. */
export async function contactOfToken(db: Queryable, token: string): Promise<Contact | null> {
  const text = `select ${contactColumns} from contact t join unsubscribe_token u using (contact_id) where token_hash = $1`;
  return maybeOne(db, contactRow, text, [hashOf(token)]);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

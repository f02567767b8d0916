import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { SmsChannel } from '../../src/channels/twilio-sms';
import { inTransaction } from '../../src/store/database';

export type RawActivities = ReturnType<typeof createRawActivities>;

const body = 'Example Bank: we have not yet received 1,000.00 for loan …0001. Please call +44 7700 900000.';
const statusCallbackUrl = 'http://127.0.0.1:9/callback';
const insertEvent = 'insert into raw.event (life_id, at, kind, data, event_key) values ($1, $2, $3, $4, $5)';
const showLife = 'update raw.life set next_action = $2, next_action_at = $3 where life_id = $1';

/** Writes what the product writes, statement for statement and transaction for transaction, and reads nothing. */
export function createRawActivities(pool: Pool, sms: SmsChannel, phoneOf: (lifeId: string) => string) {
  return {
    async look({ lifeId }: { lifeId: string }): Promise<void> {
      await inTransaction(pool, async (tx) => {
        await tx.query(showLife, [lifeId, 'looked', new Date()]);
      });
    },

    async remind({ lifeId, no, atMs }: { lifeId: string; no: number; atMs: number }): Promise<void> {
      const contactId = randomUUID();
      const at = new Date(atMs);
      await inTransaction(pool, async (tx) => {
        const text = 'insert into raw.contact values ($1, $2, $3, $4, $5, $6)';
        await tx.query(text, [contactId, `${lifeId}/${no}`, lifeId, at, body, 'reserved']);
      });
      const sent = await sms.send({ to: phoneOf(lifeId), body, statusCallbackUrl, validityPeriodSeconds: 3_600 });
      if (sent.kind !== 'accepted') throw new Error(`the local provider answered ${sent.kind}`);
      await inTransaction(pool, async (tx) => {
        const text = `update raw.contact set state = 'placed', provider_id = $2 where contact_id = $1`;
        await tx.query(text, [contactId, sent.providerId]);
        await tx.query(insertEvent, [lifeId, at, 'contact-made', JSON.stringify({ no, contactId }), `made/${no}`]);
        await tx.query(showLife, [lifeId, `reminder ${no + 1}`, at]);
      });
    },

    async finish({ lifeId, atMs }: { lifeId: string; atMs: number }): Promise<void> {
      await inTransaction(pool, async (tx) => {
        await tx.query(`update raw.life set status = 'closed' where life_id = $1`, [lifeId]);
        await tx.query(insertEvent, [lifeId, new Date(atMs), 'closed', '{}', 'closed']);
      });
    },
  };
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { anchorDay } from '../../src/ledger/anchor';
import type { Finding } from '../../src/ledger/finding';
import { anchorHash, entryHash, genesis, sha256 } from '../../src/ledger/hashes';
import { verifyLedger } from '../../src/ledger/verify';
import { lastAnchor } from '../../src/store/ledger';
import { addAnchor, databaseNow } from '../../src/store/ledger-anchors';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addEveryRow } from './every-table';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await addEveryRow(database.owner);
});
afterEach(() => database.drop());

async function verify(): Promise<Finding[]> {
  const findings: Finding[] = [];
  await verifyLedger(database.pool, { onFinding: (finding) => findings.push(finding) });
  return findings;
}

/** An anchor over nothing that follows the one before as it should. */
async function forge(day: string, madeAt: string): Promise<void> {
  const prevHash = (await lastAnchor(database.owner))?.hash ?? genesis;
  const forged = { day, madeAt, chains: 0, entries: 0, root: sha256(''), prevHash };
  await addAnchor(database.owner, { ...forged, hash: anchorHash(forged) });
}

async function asAdministrator(sql: string): Promise<void> {
  await database.owner.query(`begin; set local session_replication_role = replica; ${sql}; commit`);
}

const ofAnchor = (key: string, problem: RegExp) =>
  expect.objectContaining({ table: 'ledger_anchor', key, problem: expect.stringMatching(problem) });

describe('an anchor of a day that has not come', () => {
  it('is found, because the service would make none before that day', async () => {
    await forge('2099-01-01', await databaseNow(database.owner));
    expect(await verify()).toEqual([ofAnchor('2099-01-01', /day had not come/)]);
  });

  it('is found also where it says that it was made on that day', async () => {
    await forge('2099-01-01', '2099-01-01T12:00:00.000000Z');
    expect(await verify()).toEqual(
      expect.arrayContaining([ofAnchor('2099-01-01', /still to come/), ofAnchor('2099-01-01', /day had not come/)]),
    );
  });

  it('is none where time travel has moved the clock of the bank there', async () => {
    await database.owner.query(`update bank_clock set ahead_ms = 400 * 86400000::bigint`);
    const day = new Date(Date.now() + 400 * 86_400_000).toISOString().slice(0, 10);
    await anchorDay(database.pool, day);
    expect(await verify()).toEqual([]);
  });
});

describe('entries that no anchor covers', () => {
  // As if all of it was recorded so many days ago; entries are hashed anew by their time.
  const daysAgo = async (days: number): Promise<void> => {
    await asAdministrator(`update ledger_anchor set made_at = made_at - interval '${days} days'`);
    await asAdministrator(`update ledger_entry set recorded_at = recorded_at - interval '${days - 1} days'`);
  };

  it('are found when they are older than two days', async () => {
    await daysAgo(4);
    expect(await verify()).toEqual(expect.arrayContaining([ofAnchor('none', /entries after it are older/)]));
  });

  it('are found when the last anchor came before them', async () => {
    await anchorDay(database.pool, '2026-03-20');
    await daysAgo(4);
    expect(await verify()).toEqual(expect.arrayContaining([ofAnchor('2026-03-20', /entries after it are older/)]));
  });

  it('are waited for until then', async () => {
    await anchorDay(database.pool, '2026-03-20');
    await addEveryRow(database.owner);
    expect(await verify()).toEqual([]);
  });
});

describe('an entry in the chain of a customer of no name', () => {
  it('is found', async () => {
    const [seq, recordedAt, what] = [1, await databaseNow(database.owner), 'consent/opted-in'];
    const columns = { consent_id: 99, customer_id: '', state: 'opted-in' };
    const payload = JSON.stringify({
      customer: '',
      loan: '',
      case: 0,
      table: 'consent',
      op: 'insert',
      key: 99,
      columns,
    });
    const hash = entryHash({
      customerId: '',
      loanId: '',
      caseNo: 0,
      seq,
      recordedAt,
      what,
      payload,
      prevHash: genesis,
    });
    await database.owner.query(`insert into ledger_entry values ('', '', 0, $1, $2, $3, $4, $5, $6)`, [
      ...[seq, recordedAt, what, payload, genesis, hash],
    ]);
    expect(await verify()).toEqual([
      expect.objectContaining({ table: 'consent', key: '99', problem: 'is attested, and not there any more' }),
    ]);
  });
});

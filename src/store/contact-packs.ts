import { z } from 'zod';
import type { Queryable } from './database';
import { execute, many } from './rows';

/** A pack as it was applied. The hash is that of its text. */
export interface KeptPack {
  readonly contentHash: string;
  readonly pack: string;
  readonly version: string;
  readonly written: unknown;
}

const keptPack = z.object({
  contentHash: z.string(),
  pack: z.string(),
  version: z.string(),
  written: z.unknown(),
});

/** Keeps the texts of these packs for good. Those that are kept already stay as they are. */
export async function keepPacks(db: Queryable, packs: readonly KeptPack[]): Promise<void> {
  for (const { contentHash, pack, version, written } of packs) {
    const text = `insert into contact_pack (content_hash, pack, version, written) values ($1, $2, $3, $4)
      on conflict (content_hash) do nothing`;
    await execute(db, text, [contentHash, pack, version, JSON.stringify(written)]);
  }
}

export async function packsByHash(db: Queryable, hashes: readonly string[]): Promise<KeptPack[]> {
  const text = `select content_hash as "contentHash", pack, version, written from contact_pack
    where content_hash = any($1)`;
  return many(db, keptPack, text, [hashes]);
}

import { defaultPacksInForce } from '../project-root';
import type { WordingRules } from './message-wording';
import { readPacksInForce } from './packs-in-force';

/** The rules of content of today. @throws Refusal `PolicyInvalid` when the packs in force cannot be used. */
export async function wordingRulesInForce(): Promise<WordingRules> {
  const { packs } = await readPacksInForce(defaultPacksInForce);
  return { packs, day: new Date().toISOString().slice(0, 10) };
}

import type { Queryable } from '../store/database';
import type { Batch } from './batch';
import type { RefusalRule } from './diagnosis';

/** How the rows of one kind get into the store. */
export interface Taker {
  /** Inserts every row whose references hold and whose id is new; answers how many. */
  readonly insert: (db: Queryable, batch: Batch) => Promise<number>;
  /** Why the others were not inserted: a row that breaks no rule was known already. */
  readonly rules: readonly RefusalRule[];
  readonly diagnosis: string;
}

import type { Queryable } from '../store/database';
import { aheadMs } from '../store/clock';

/** The bank's time. In production it is the machine's; with time travel it runs ahead by what the database says. */
export interface BankClock {
  nowMs(): Promise<number>;
}

export function createBankClock(db: Queryable, timeTravel: boolean): BankClock {
  return {
    async nowMs() {
      return Date.now() + (timeTravel ? await aheadMs(db) : 0);
    },
  };
}

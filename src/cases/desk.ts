import type { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import type { ContactPack } from '../domain/contact/rule';
import type { BankClock } from './bank-clock';
import type { PublishedPolicies } from './published-policies';

/** What every service around the cases works with. Built once, in `src/service.ts`. */
export interface Desk {
  readonly pool: Pool;
  readonly temporal: Client;
  readonly connection: Connection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly clock: BankClock;
  readonly policies: PublishedPolicies;
  /** The packs in force. */
  readonly packs: readonly ContactPack[];
  /** The policy that a new case is given. */
  readonly policyId: string;
  readonly timeTravel: boolean;
  /** A run is continued as new at the latest at so many history events. */
  readonly historyEventsMax: number;
}

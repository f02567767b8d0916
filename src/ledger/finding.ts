import type { Chain } from '../store/ledger';

/** What is wrong, and with which row. */
export interface Finding {
  readonly table: string;
  readonly key: string;
  readonly chain: Chain | null;
  /** The entry that attests it, or that is wrong itself. */
  readonly seq: number | null;
  readonly problem: string;
}

export function chainName({ customerId, loanId, caseNo }: Chain): string {
  return loanId === '' ? `customer ${customerId}` : `customer ${customerId}, loan ${loanId}, case ${caseNo}`;
}

/** One line for people. */
export function sayFinding({ table, key, chain, seq, problem }: Finding): string {
  const where = chain === null ? '' : ` (chain of ${chainName(chain)}${seq === null ? '' : `, entry ${seq}`})`;
  return `${table} ${key}${where}: ${problem}`;
}

export function ofEntry(chain: Chain, seq: number, problem: string): Finding {
  const { customerId, loanId, caseNo } = chain;
  const key = `${customerId}/${loanId === '' ? '' : `${loanId}/${caseNo}`}#${seq}`;
  return { table: 'ledger_entry', key, chain: { customerId, loanId, caseNo }, seq, problem };
}

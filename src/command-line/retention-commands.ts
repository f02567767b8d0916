import type { Command } from 'commander';
import { type Purged, purgeDue, purgeUnknownMessages } from '../retention/purge';
import { withBooks } from './ledger-commands';

/** Commands around how long records are kept. */
export function addRetentionCommands(program: Command): void {
  program
    .command('retention')
    .description('how long records are kept')
    .command('purge')
    .description(
      'remove personal data and texts that no rule and no legal hold keeps any more; the service does it daily',
    )
    .option('--dry-run', 'only say what would be removed, and by which rules', false)
    .action(({ dryRun }: { dryRun: boolean }) =>
      withBooks(async ({ pool, clock, keeping }) => {
        const onPurged = (purged: Purged): void => console.log(sayPurged(purged));
        const purged = await purgeDue(pool, keeping, await clock.nowMs(), { dryRun, onPurged });
        const messages = await purgeUnknownMessages(pool, keeping, await clock.nowMs(), { dryRun });
        if (messages > 0) console.log(`messages of unknown senders: ${messages}`);
        console.log(dryRun ? `${purged} would be purged` : `${purged} purged`);
      }),
    );
}

function sayPurged({ customerId, loanId, caseNo, untilDay, rules, rows }: Purged): string {
  const what = loanId === null ? `person ${customerId}` : `loan ${loanId}, case ${caseNo ?? 0}`;
  const counts = Object.entries(rows ?? {}).map(([table, count]) => `${count} ${table}`);
  return `${what}: kept until ${untilDay} (${rules.join(', ')})${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`;
}

import type { Command } from 'commander';
import { flagNames } from '../domain/contact/flag';
import { flagsReadByNone } from '../domain/contact/read-flags';
import { Refusal } from '../domain/refusal';
import { checkPackFile, type HashedPack, isPackFile } from '../policy/contact-pack';
import { formatProblem } from '../policy/located-yaml';
import { type PacksInForce, readPacksInForce } from '../policy/packs-in-force';
import { defaultPacksInForce } from '../project-root';
import type { ServiceClient } from './http-client';

interface Judgement {
  readonly verdict: 'allow' | 'deny' | 'defer';
  readonly until: string | null;
  readonly reason: string | null;
  readonly zones: readonly string[];
  readonly opinions: readonly {
    readonly rule: string;
    readonly pack: string;
    readonly says: 'yes' | 'not-before' | 'never';
    readonly notBefore: string | null;
    readonly never: string | null;
    readonly why: string;
    readonly source: string | null;
    readonly confidence: string | null;
  }[];
}

/** Commands around the packs of contact rules. */
export function addPackCommands(program: Command, connect: () => ServiceClient): void {
  const packs = program.command('packs').description('the contact rules in force: check, list, explain');
  packs
    .command('check [file]')
    .description('say what is wrong with the file of packs in force or with a pack: line, path and reason')
    .action(async (file: string = defaultPacksInForce) => {
      if (await isPackFile(file)) {
        const { pack, problems } = await checkPackFile(file);
        if (pack === null) throw new Refusal('PolicyInvalid', problems.map(formatProblem).join('\n'));
        console.log(`${file}: sound\n${packLine(pack)}, law for ${pack.binds.join(', ') || 'nobody'}`);
        return;
      }
      const inForce = await readPacksInForce(file);
      console.log(`${file}: sound\n${summaryOf(inForce)}`);
    });
  packs
    .command('list')
    .description('the rules that a running service applies')
    .action(async () => {
      console.log(JSON.stringify(await connect().get('/packs'), null, 2));
    });
  packs
    .command('explain <customerId> <channel> [instant]')
    .description('why a contact is allowed or not, rule by rule, and when next; without an instant, now')
    .option('--purpose <code>', 'why the borrower is contacted', 'follow-up')
    .option('--loan <loanId>', 'the loan it is about; default: all with an open case')
    .action(async (customerId: string, channel: string, at: string | undefined, options: Options) => {
      const { purpose, loan } = options;
      const query = new URLSearchParams({ channel, purpose, ...(at && { at }), ...(loan && { loanId: loan }) });
      const path = `/customers/${encodeURIComponent(customerId)}/contact-judgement?${query.toString()}`;
      console.log(textOf((await connect().get(path)) as Judgement));
    });
  packs
    .command('replay <customerId>')
    .description('take every decision about contacts with the customer again, by the packs and the facts of its day')
    .action((customerId: string) => replayAll(connect(), customerId));
}

interface ReplayedPage {
  readonly items: readonly {
    readonly at: string;
    readonly channel: string;
    readonly loanId: string;
    readonly decided: string;
    readonly until: string | null;
    readonly rules: readonly string[];
    readonly replay: string;
    readonly now: unknown;
  }[];
  readonly nextCursor: string | null;
}

/** Prints every decision with its replay. @throws Error when one is not what it was. */
async function replayAll(client: ServiceClient, customerId: string): Promise<void> {
  const counts = new Map<string, number>();
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(cursor !== null && { cursor }) });
    const path = `/customers/${encodeURIComponent(customerId)}/contact-decisions?${query.toString()}`;
    const page = (await client.get(path)) as ReplayedPage;
    for (const { at, channel, loanId, decided, until, rules, replay, now } of page.items) {
      counts.set(replay, (counts.get(replay) ?? 0) + 1);
      const answer = until === null ? decided : `${decided} until ${until}`;
      console.log(`${at} ${channel} ${loanId}: ${answer} (${rules.join(', ')}): ${replay}`);
      if (now !== null) console.log(`  now: ${JSON.stringify(now)}`);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  console.log([...counts].map(([result, count]) => `${count} ${result}`).join(', ') || 'nothing was decided yet');
  if (counts.has('differs')) throw new Error('a decision is not what its packs say of what is on record');
}

interface Options {
  readonly purpose: string;
  readonly loan?: string;
}

function packLine({ id, version, rules }: HashedPack, force = ''): string {
  const unconfirmed = rules.filter(({ confidence }) => confidence === 'M').length;
  return `  ${id} ${version}: ${rules.length} rules${force}, ${unconfirmed} of them unconfirmed`;
}

function summaryOf({ actor, packs, changes, leftOut = [] }: PacksInForce): string {
  const lines = packs.map((pack) => {
    const force = pack.binds.includes(actor) ? 'law' : 'house rules';
    return packLine(pack, ` as ${force} for ${actor}`);
  });
  const changed = changes.map((change) => {
    const what = 'switch' in change ? 'switched off' : `set to ${JSON.stringify(change.set)}`;
    return `  ${change.rule}: ${what} by ${change.by} on ${change.on}: ${change.reason}`;
  });
  const without = leftOut.map(({ pack, by, on, reason }) => `  ${pack}: left out by ${by} on ${on}: ${reason}`);
  const unread = flagsReadByNone(packs).map(
    (flag) => `  warning: no rule in force reads the flag ${flag}, so it closes no way of contact (${flagNames[flag]})`,
  );
  return [...lines, ...changed, ...without, ...unread].join('\n');
}

function textOf({ verdict, until, reason, zones, opinions }: Judgement): string {
  const answer = { allow: 'Yes.', deny: `No: ${reason ?? ''}.`, defer: `Not before ${until ?? ''}.` }[verdict];
  const marks = { yes: 'yes   ', 'not-before': 'wait  ', never: 'no    ' };
  const lines = opinions.map(({ says, rule, pack, notBefore, never, why, source, confidence }) => {
    const detail = notBefore === null ? (never ?? '') : `not before ${notBefore}`;
    const from = [pack, source, confidence === 'M' ? 'unconfirmed' : null].filter((part) => part !== null).join('; ');
    return `${marks[says]} ${rule}${detail === '' ? '' : `: ${detail}`}\n       ${why} (${from})`;
  });
  return [answer, `Hours are kept in ${zones.join(', ')}.`, ...lines].join('\n');
}

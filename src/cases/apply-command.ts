import { z } from 'zod';
import { causes } from '../domain/cause/cause';
import type { ArrangementTerms } from '../domain/arrangement/terms';
import { type CaseCommand, pauseReasons, restructureReasons } from '../domain/case';
import { isDay } from '../domain/day';
import { pauseProblem } from '../domain/pause';
import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import { inTransaction, type Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import { agree } from './arrange';
import { arrangementTerms } from './arrangement-terms';
import { pauseCase, resumeCase } from './pause-case';
import { type CaseReading, readCase } from './read-facts';
import type { StepDeps } from './take-step';

const day = z.string().refine(isDay, 'is not a day YYYY-MM-DD');
const actor = z.string().min(1).max(64);

/** What a supervisor may ask of a running case, as it comes from the API, the Temporal UI or its command line. */
export const caseCommand = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pause'),
    from: day,
    until: day.nullable(),
    reason: z.enum(pauseReasons),
    reviewOn: day.exactOptional(),
    actor,
  }),
  z.strictObject({ kind: z.literal('resume'), on: day, reason: z.enum(pauseReasons).exactOptional(), actor }),
  z.strictObject({
    kind: z.literal('restructure'),
    terms: arrangementTerms,
    reason: z.enum(restructureReasons),
    cause: z.enum(causes).exactOptional(),
    actor,
  }),
]);

export interface CommandOnCase {
  readonly loanId: string;
  readonly caseNo: number;
  /** The same id again is the same command. */
  readonly commandId: string;
  readonly command: unknown;
}

/**
 * Carries out a supervisor's command and says in a sentence what it did. A refused one is on the timeline too.
 * @throws Refusal InputInvalid, PauseInvalid, RestructureInvalid or CaseNotOpen.
 */
export async function applyCommand(deps: StepDeps, asked: CommandOnCase, nowMs: number): Promise<string> {
  try {
    return await inTransaction(deps.pool, async (tx) => {
      const command = parseCommand(asked.command);
      await lockBorrowerOf(tx, asked.loanId);
      const reading = await readCase(tx, deps, { ...asked, stage: '', done: [] }, nowMs);
      if (reading.caseRow.status !== 'open') throw new Refusal('CaseNotOpen', 'the case is closed');
      const { kind, reason } = await carryOut(tx, deps, reading, asked, command, nowMs);
      const event = { ...keyOf(asked), atMs: nowMs, actor: command.actor, reason, data: { command } };
      await recordEvent(tx, { ...event, kind, eventKey: `command/${asked.commandId}` });
      return reason;
    });
  } catch (error) {
    if (error instanceof Refusal) await noteRefused(deps, asked, error, nowMs);
    throw error;
  }
}

function keyOf({ loanId, caseNo }: CommandOnCase): { loanId: string; caseNo: number } {
  return { loanId, caseNo };
}

function parseCommand(asked: unknown): CaseCommand {
  const parsed = caseCommand.safeParse(asked);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal('InputInvalid', issue?.message ?? 'is not a command', issue?.path.join('.'));
}

/** What was done: the kind of its event, and a sentence. */
interface CarriedOut {
  readonly kind: 'paused' | 'resumed' | 'restructured' | 'restructure-proposed';
  readonly reason: string;
}

async function carryOut(
  tx: Queryable,
  deps: StepDeps,
  reading: CaseReading,
  { commandId }: CommandOnCase,
  command: CaseCommand,
  nowMs: number,
): Promise<CarriedOut> {
  switch (command.kind) {
    case 'pause': {
      const problem = pauseProblem(command);
      if (problem !== null) throw problem;
      return { kind: 'paused', reason: await pauseCase(tx, reading, commandId, command, nowMs) };
    }
    case 'resume':
      return { kind: 'resumed', reason: await resumeCase(tx, reading, command) };
    case 'restructure': {
      const wish = { ...command, arrangementId: commandId, budget: null };
      const { waitsFor } = await agree(tx, deps, reading, wish, nowMs);
      const said = sayTerms(command.terms);
      if (waitsFor === null) return { kind: 'restructured', reason: said };
      return { kind: 'restructure-proposed', reason: `${said}: waits for approval by ${waitsFor}` };
    }
  }
}

function sayTerms(terms: ArrangementTerms): string {
  switch (terms.kind) {
    case 'extension':
      return `extended by ${terms.days} days`;
    case 'instalments':
      return `spread over ${terms.count} instalments`;
    case 're-age':
      return `re-aged over ${terms.count} instalments`;
    case 're-amortise':
      return terms.method === 'spread' ? 'spread over what is left' : `re-amortised over ${terms.count} instalments`;
    case 'interest-reduction':
      return `interest reduced by ${terms.reductionPerMille} per mille`;
    case 'settlement':
      return `to be settled until ${terms.until}`;
  }
}

async function noteRefused(deps: StepDeps, asked: CommandOnCase, refusal: Refusal, nowMs: number): Promise<void> {
  const data = { type: refusal.type, field: refusal.field ?? null };
  const event = { ...keyOf(asked), atMs: nowMs, actor: 'operator', reason: refusal.message, data };
  await recordEvent(deps.pool, { ...event, kind: 'command-refused', eventKey: `refused/${asked.commandId}` });
}

import { z } from 'zod';
import { allocate, netPaidMinor } from '../domain/allocation';
import { type CaseCommand, pauseReasons, restructureReasons } from '../domain/case';
import { isDay } from '../domain/day';
import { pauseProblem } from '../domain/pause';
import { Refusal } from '../domain/refusal';
import { restructure } from '../domain/restructure';
import { scheduleAsOf } from '../domain/schedule';
import { lockBorrowerOf } from '../store/case-lock';
import { inTransaction, type Queryable } from '../store/database';
import { addSchedule } from '../store/loans';
import { addRestructure, listRestructures } from '../store/restructures';
import { recordEvent } from '../store/timeline';
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
    reviewOn: day.optional(),
    actor,
  }),
  z.strictObject({ kind: z.literal('resume'), on: day, reason: z.enum(pauseReasons).optional(), actor }),
  z.strictObject({
    kind: z.literal('restructure'),
    terms: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('extension'), days: z.int() }),
      z.strictObject({
        kind: z.literal('instalments'),
        count: z.int(),
        firstDueDay: day,
        everyMonths: z.int().optional(),
      }),
    ]),
    reason: z.enum(restructureReasons),
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
      const reason = await carryOut(tx, reading, asked, command, nowMs);
      const event = { ...keyOf(asked), atMs: nowMs, actor: command.actor, reason, data: { command } };
      await recordEvent(tx, { ...event, kind: eventKinds[command.kind], eventKey: `command/${asked.commandId}` });
      return reason;
    });
  } catch (error) {
    if (error instanceof Refusal) await noteRefused(deps, asked, error, nowMs);
    throw error;
  }
}

const eventKinds = { pause: 'paused', resume: 'resumed', restructure: 'restructured' } as const;

function keyOf({ loanId, caseNo }: CommandOnCase): { loanId: string; caseNo: number } {
  return { loanId, caseNo };
}

function parseCommand(asked: unknown): CaseCommand {
  const parsed = caseCommand.safeParse(asked);
  if (parsed.success) return parsed.data as CaseCommand;
  const [issue] = parsed.error.issues;
  throw new Refusal('InputInvalid', issue?.message ?? 'is not a command', issue?.path.join('.'));
}

async function carryOut(
  tx: Queryable,
  reading: CaseReading,
  { commandId }: CommandOnCase,
  command: CaseCommand,
  nowMs: number,
): Promise<string> {
  switch (command.kind) {
    case 'pause': {
      const problem = pauseProblem(command);
      if (problem !== null) throw problem;
      return pauseCase(tx, reading, commandId, command, nowMs);
    }
    case 'resume':
      return resumeCase(tx, reading, command);
    case 'restructure':
      return carryOutRestructure(tx, reading, commandId, command);
  }
}

async function carryOutRestructure(
  tx: Queryable,
  { loan, policy, today }: CaseReading,
  commandId: string,
  { terms, reason, actor: by }: Extract<CaseCommand, { kind: 'restructure' }>,
): Promise<string> {
  const { loanId } = loan;
  const summary =
    terms.kind === 'extension' ? `extended by ${terms.days} days` : `spread over ${terms.count} instalments`;
  const earlier = await listRestructures(tx, loanId);
  if (earlier.some(({ restructureId }) => restructureId === commandId)) return summary;
  const schedule = scheduleAsOf(loan.schedules, today);
  const allocation = allocate(schedule.instalments, netPaidMinor(loan.payments, today), policy.allocation);
  const { extensionDaysMax, instalmentsMax } = policy.limits;
  const limits = { daysMax: extensionDaysMax, countMax: instalmentsMax };
  const next = restructure(schedule, allocation, terms, today, limits);
  const written = { restructureId: commandId, loanId, kind: terms.kind, terms: { ...terms }, effectiveFrom: today };
  await addRestructure(tx, { ...written, reason, actor: by });
  await addSchedule(tx, loanId, next, commandId);
  return summary;
}

async function noteRefused(deps: StepDeps, asked: CommandOnCase, refusal: Refusal, nowMs: number): Promise<void> {
  const data = { type: refusal.type, field: refusal.field ?? null };
  const event = { ...keyOf(asked), atMs: nowMs, actor: 'operator', reason: refusal.message, data };
  await recordEvent(deps.pool, { ...event, kind: 'command-refused', eventKey: `refused/${asked.commandId}` });
}

import { activityInfo } from '@temporalio/activity';
import path from 'node:path';
import type { CaseActivityDeps } from '../../activities/case-activities';
import type { Desk } from '../cases/desk';
import type { Config } from '../config';
import type { Gate } from '../contact/gate';
import { createBankCalendar } from '../domain/bank-calendar';
import type { ZoneClock } from '../domain/contact-rules';
import { Refusal } from '../domain/refusal';
import { readPacks } from '../policy/contact-pack';
import { projectRoot } from '../project-root';
import type { Sending } from './sending';

/** The gate with the packs in force. Packs are read when the process starts. */
export async function openGate(): Promise<Gate> {
  const packs = await readPacks(path.join(projectRoot, 'policies', 'packs'));
  const clocks = new Map<string, ZoneClock | null>();
  const calendarFor = (zone: string): ZoneClock | null => {
    const known = clocks.get(zone);
    if (known !== undefined) return known;
    const clock = clockOf(zone);
    clocks.set(zone, clock);
    return clock;
  };
  return { packs, calendarFor };
}

function clockOf(zone: string): ZoneClock | null {
  try {
    return createBankCalendar({ zone, workdays: 'weekdays' });
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

export function caseWorkerDeps(config: Config, desk: Desk, gate: Gate, sending: Sending): CaseActivityDeps {
  const { pool, policies } = desk;
  return {
    ...{ pool, policies, gate, channels: sending.channels },
    publicUrl: config.PUBLIC_URL ?? `http://${config.ARREARS_HOST}:${config.ARREARS_PORT}`,
    mailDomain: mailDomainOf(config.MAIL_FROM),
    bank: { name: config.BANK_NAME, phone: config.BANK_PHONE },
    nowMs: desk.timeTravel ? caseTimeMs : () => Date.now(),
  };
}

/**
 * Each case has a clock of its own while time travels, and the world's clock says nothing. A retry comes later on the
 * case's clock than the step was asked for.
 */
function caseTimeMs(askedAtMs: number): number {
  return Math.max(askedAtMs, activityInfo().currentAttemptScheduledTimestampMs);
}

function mailDomainOf(from: string): string {
  return /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
}

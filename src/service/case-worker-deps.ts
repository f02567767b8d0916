import { activityInfo } from '@temporalio/activity';
import path from 'node:path';
import type { WorkerDeps } from '../../worker/case-worker';
import type { Desk } from '../cases/desk';
import { type Config, mailDomainOf, publicUrlOf } from '../config';
import type { Gate } from '../contact/gate';
import { readNumberZones } from '../contact/number-zones';
import { createBankCalendar } from '../domain/bank-calendar';
import type { ZoneClock } from '../domain/contact/evidence';
import { isNamedDay } from '../domain/holiday-calendars';
import { Refusal } from '../domain/refusal';
import { readPacksInForce } from '../policy/packs-in-force';
import { defaultPacksInForce, projectRoot } from '../project-root';
import type { Sending } from './sending';

/** The gate with the packs in force. Packs are read when the process starts. @throws Refusal `PolicyInvalid`. */
export async function openGate(inForcePath = defaultPacksInForce): Promise<Gate> {
  const inForce = await readPacksInForce(inForcePath);
  const clocks = new Map<string, ZoneClock | null>();
  const knownClockOf = (zone: string): ZoneClock | null => {
    const known = clocks.get(zone);
    if (known !== undefined) return known;
    const clock = clockOf(zone);
    clocks.set(zone, clock);
    return clock;
  };
  const zonesOfNumber = readNumberZones(path.join(projectRoot, 'data', 'phone-zones.txt'));
  return { inForce, calendars: { clockOf: knownClockOf, isNamedDay }, zonesOfNumber };
}

function clockOf(zone: string): ZoneClock | null {
  try {
    return createBankCalendar({ zone, workdays: 'weekdays' });
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

export function caseWorkerDeps(config: Config, desk: Desk, gate: Gate, sending: Sending): WorkerDeps {
  const { pool, policies, policyId, packs } = desk;
  return {
    ...{ desk, pool, policies, packs, gate, channels: sending.channels, voice: sending.voice },
    publicUrl: publicUrlOf(config),
    mailDomain: mailDomainOf(config.MAIL_FROM),
    bank: { name: config.BANK_NAME, phone: config.BANK_PHONE },
    keeping: { policies, policyId, packs: gate.inForce.packs },
    bankNowMs: () => desk.clock.nowMs(),
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

import { loansWithoutCase } from '../store/case-lists';
import type { Desk } from './desk';
import { hasNothingToOpen, openCase } from './open-case';
import { eachAtOnce } from './each-at-once';

const openedAtOnce = 24;

export interface OpeningProgress {
  readonly looked: number;
  readonly loans: number;
  readonly opened: number;
}

/**
 * Opens a case for every loan that is overdue, or due soon where its tier has a courtesy stage, and has none. What a core
 * banking system does loan by loan; for a portfolio that was just imported. Can be broken off and run again.
 */
export async function openDueCases(
  desk: Desk,
  actor: string,
  onProgress: (progress: OpeningProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<number> {
  const loans = await loansWithoutCase(desk.pool);
  let looked = 0;
  let opened = 0;
  const look = async (loanId: string): Promise<void> => {
    if (await opensNow(desk, loanId, actor)) opened += 1;
    looked += 1;
    onProgress({ looked, loans: loans.length, opened });
  };
  await eachAtOnce(loans, openedAtOnce, look, signal);
  return opened;
}

async function opensNow(desk: Desk, loanId: string, actor: string): Promise<boolean> {
  try {
    return (await openCase(desk, loanId, actor)).opened;
  } catch (error) {
    if (hasNothingToOpen(error)) return false;
    throw error;
  }
}

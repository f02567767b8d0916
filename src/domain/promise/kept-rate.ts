import type { JudgedPromise } from './judge-promises';

export interface KeptRate {
  readonly kept: number;
  readonly broken: number;
  /** Kept of those that are decided; null while none is. */
  readonly share: number | null;
}

/**
 * The share of promises that were kept (承诺兑现率), of those that are decided: an open promise is neither kept nor broken,
 * and a cancelled one is no promise any more (peers.md, term 50 and defect 13).
 */
export function keptRate(promises: readonly Pick<JudgedPromise, 'state'>[]): KeptRate {
  const count = (wanted: JudgedPromise['state']): number => promises.filter(({ state }) => state === wanted).length;
  const [kept, broken] = [count('kept'), count('broken')];
  return { kept, broken, share: kept + broken === 0 ? null : kept / (kept + broken) };
}

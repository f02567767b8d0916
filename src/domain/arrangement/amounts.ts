import { type Amounts, type Component, components, noAmounts, totalMinor } from '../loan';
import { splitMinor } from '../money';

export function amountsOf(figure: (component: Component) => number): Amounts {
  return {
    penalty: figure('penalty'),
    fee: figure('fee'),
    interest: figure('interest'),
    principal: figure('principal'),
  };
}

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return amountsOf((component) => a[component] + b[component]);
}

export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  return amountsOf((component) => a[component] - b[component]);
}

/**
 * Divides amounts into parts that add up component by component. Each component's odd minor units go on where the last
 * one's ended, so that the totals of the parts too differ by at most one minor unit.
 */
export function splitAmounts(amounts: Amounts, count: number): Amounts[] {
  const parts: Record<Component, readonly number[]> = { penalty: [], fee: [], interest: [], principal: [] };
  let start = 0;
  for (const component of components) {
    const split = splitMinor(amounts[component], count);
    parts[component] = [...split.slice(count - start), ...split.slice(0, count - start)];
    start = (start + (amounts[component] % count)) % count;
  }
  return Array.from({ length: count }, (_, index) => amountsOf((component) => parts[component][index] ?? 0));
}

/** So much of the amounts, charges before interest before principal. `minor` must not be more than they are. */
export function takeFrom(amounts: Amounts, minor: number): Amounts {
  const taken: Record<Component, number> = { ...noAmounts };
  for (const component of components) {
    taken[component] = Math.min(minor - totalMinor(taken), amounts[component]);
  }
  return taken;
}

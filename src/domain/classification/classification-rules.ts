import type { Problem } from '../problem';
import { z } from 'zod';

/** One class of a bank's loans, worse than those before it. */
export interface LoanClass {
  readonly name: string;
  /** A loan more raw days past due than this is at least in this class; null: days alone do not put it there. */
  readonly overDpd: number | null;
  /** Of the outstanding principal, what is set aside for losses. */
  readonly provisionPerMille: number;
  /** A bad debt (不良): its way back is longer, and the customer's other loans feel it. */
  readonly nonPerforming: boolean;
  /** Interest is no longer income (非应计). */
  readonly nonAccrual: boolean;
}

/** How a bank classifies its loans. Classes are given by their place in `classes`, 0 the best. */
export interface ClassificationRules {
  readonly classes: readonly LoanClass[];
  /** Months without arrears before a bad debt goes up again. */
  readonly cureMonths: number;
  /** A restructured loan is at least in this class, and goes up after so many months without arrears (重组观察期). */
  readonly restructured: { readonly atLeast: number; readonly observeMonths: number };
  /** While one loan is a bad debt, and so many months after, the customer's others are at least in this class. */
  readonly customer: { readonly atLeast: number; readonly cureMonths: number } | null;
}

const monthsMax = 60;
const className = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a class: small letters, digits and hyphens');
const loanClass = z.strictObject({
  overDpd: z.int().min(0).max(3650).optional(),
  provisionPerMille: z.int().min(0).max(1000),
  nonPerforming: z.boolean().default(false),
  nonAccrual: z.boolean().default(false),
});

/** The policy's section `classification`, as an officer writes it. */
export const classificationSource = z.strictObject({
  classes: z.record(className, loanClass),
  cureMonths: z.int().min(0).max(monthsMax).default(0),
  restructured: z.strictObject({ atLeast: className, observeMonths: z.int().min(0).max(monthsMax) }),
  customer: z.strictObject({ atLeast: className, cureMonths: z.int().min(0).max(monthsMax).default(0) }).optional(),
});
export type ClassificationSource = z.infer<typeof classificationSource>;

/** What the parts of the section mean together. Paths begin with `classification`. */
export function classificationProblems(source: ClassificationSource | undefined): readonly Problem[] {
  if (source === undefined) return [];
  const named = Object.entries(source.classes);
  if (named.length === 0) return [{ path: ['classification', 'classes'], reason: 'has no class' }];
  return [...orderProblems(named), ...nameProblems(source)];
}

function orderProblems(named: readonly (readonly [string, ClassificationSource['classes'][string]])[]): Problem[] {
  const problems: Problem[] = [];
  let worst: { overDpd: number; nonPerforming: boolean } = { overDpd: -1, nonPerforming: false };
  for (const [index, [name, { overDpd, nonPerforming }]] of named.entries()) {
    const path = ['classification', 'classes', name];
    if (index === 0 && (overDpd !== undefined || nonPerforming)) {
      problems.push({ path, reason: 'is the first class, of loans that are as they should be: no days, no bad debt' });
    }
    if (overDpd !== undefined && overDpd <= worst.overDpd) {
      problems.push({
        path: [...path, 'overDpd'],
        reason: `must be over the ${worst.overDpd} days of the class before`,
      });
    }
    if (worst.nonPerforming && !nonPerforming) {
      problems.push({ path, reason: 'is worse than a class of bad debts and must be one too' });
    }
    worst = { overDpd: Math.max(worst.overDpd, overDpd ?? -1), nonPerforming };
  }
  return problems;
}

function nameProblems({ classes, restructured, customer }: ClassificationSource): Problem[] {
  return Object.entries({ restructured, customer }).flatMap(([part, written]) =>
    written === undefined || Object.hasOwn(classes, written.atLeast)
      ? []
      : [
          {
            path: ['classification', part, 'atLeast'],
            reason: `is none of the classes ${Object.keys(classes).join(', ')}`,
          },
        ],
  );
}

/** The section in the form that decisions use; null where the policy has none, and then nothing is classified. */
export function toClassification(source: ClassificationSource | undefined): ClassificationRules | null {
  if (source === undefined) return null;
  const { classes, cureMonths, restructured, customer } = source;
  const names = Object.keys(classes);
  return {
    classes: Object.entries(classes).map(([name, { overDpd = null, ...rest }]) => ({ name, overDpd, ...rest })),
    cureMonths,
    restructured: { atLeast: names.indexOf(restructured.atLeast), observeMonths: restructured.observeMonths },
    customer: customer === undefined ? null : { ...customer, atLeast: names.indexOf(customer.atLeast) },
  };
}

import {
  classificationSource,
  type ClassificationRules,
  toClassification,
} from '../../src/domain/classification/classification-rules';

/** The Chinese five tiers (五级分类) as policies/retail.yaml has them. */
export const writtenFiveTiers = {
  classes: {
    normal: { provisionPerMille: 10 },
    'special-mention': { overDpd: 0, provisionPerMille: 20 },
    substandard: { overDpd: 90, provisionPerMille: 250, nonPerforming: true, nonAccrual: true },
    doubtful: { overDpd: 270, provisionPerMille: 500, nonPerforming: true, nonAccrual: true },
    loss: { overDpd: 360, provisionPerMille: 1000, nonPerforming: true, nonAccrual: true },
  },
  cureMonths: 6,
  restructured: { atLeast: 'special-mention', observeMonths: 12 },
  customer: { atLeast: 'special-mention' },
};

/** Default as the European Union has it: over 90 days, three months of cure, a year where the terms were changed. */
export const writtenEuDefault = {
  classes: {
    performing: { provisionPerMille: 5 },
    default: { overDpd: 90, provisionPerMille: 450, nonPerforming: true, nonAccrual: true },
  },
  cureMonths: 3,
  restructured: { atLeast: 'performing', observeMonths: 12 },
};

export const fiveTiers = rulesOf(writtenFiveTiers);
export const euDefault = rulesOf(writtenEuDefault);

export function rulesOf(written: unknown): ClassificationRules {
  const rules = toClassification(classificationSource.parse(written));
  if (rules === null) throw new Error('no rules');
  return rules;
}

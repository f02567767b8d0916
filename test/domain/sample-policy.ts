import { parsePolicy } from '../../src/domain/parse-policy';
import type { Policy } from '../../src/domain/policy';

/** A small policy as an officer would write it, with parts of it replaced. */
export function writtenPolicy(parts: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    policy: 'sample',
    version: '1',
    currency: 'CNY',
    timezone: 'Asia/Shanghai',
    workdays: 'CN',
    languages: ['zh'],
    contactAt: '10:00',
    grace: { days: 0, tolerance: 1000 },
    allocation: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
    limits: { extensionDaysMax: 90, instalmentsMax: 60 },
    stages: {
      courtesy: { steps: [{ on: -3, sms: 'due-soon', tiers: ['medium', 'high'] }] },
      reminder: {
        from: 1,
        steps: [
          { on: 1, sms: 'first' },
          { on: 4, email: 'first', at: '14:30', unless: { contactedWithin: '2 days' } },
          { on: 7, task: 'call', asks: ['cause'], within: '2 working days', if: { overdueOver: 5000 } },
        ],
      },
      team: {
        from: 30,
        orBrokenPromises: 2,
        steps: [
          { on: 30, task: 'visit', within: '5 working days', offers: ['arrangement'] },
          { on: 60, task: 'visit', within: '5 working days', id: 'last-visit' },
        ],
      },
      legal: {
        from: 90,
        requires: { contacts: 4, channels: ['sms', 'call'], visits: 2, offered: ['arrangement'] },
        approval: 'legal',
      },
    },
    ...parts,
  };
}

export function samplePolicy(parts: Readonly<Record<string, unknown>> = {}): Policy {
  const { policy, problems } = parsePolicy(writtenPolicy(parts));
  if (policy === null) throw new Error(JSON.stringify(problems));
  return policy;
}

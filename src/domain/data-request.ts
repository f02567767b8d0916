import type { ContactRule } from './contact/rule';
import { rulesOn } from './contact/rules-on-day';
import { addDays, type Day } from './day';

export const dataRequestKinds = ['access', 'erasure'] as const;
export type DataRequestKind = (typeof dataRequestKinds)[number];

export const dataRequestStates = ['received', 'answered', 'refused'] as const;
export type DataRequestState = (typeof dataRequestStates)[number];

/** Why a request is refused. `legal-claims`: GDPR 17(3)(e); `retention-duty`: 17(3)(b), and the bank's own law. */
export const refusalGrounds = ['legal-claims', 'retention-duty', 'not-the-person', 'excessive'] as const;
export type RefusalGround = (typeof refusalGrounds)[number];

export interface Deadline {
  readonly dueDay: Day;
  readonly rule: string;
}

/** One month is what most laws give; it applies where no pack in force says anything. */
const usualDays = 30;

/** The earliest deadline that any rule in force sets for a request received on a day. */
export function dataRequestDeadline(
  packs: readonly { readonly rules: readonly ContactRule[] }[],
  receivedDay: Day,
  addWorkdays: (day: Day, n: number) => Day,
): Deadline {
  const deadlines = rulesOn(packs, 'deadline', receivedDay)
    .filter(({ trigger }) => trigger === 'data-request')
    .map(({ id, withinDays, withinWorkdays }) => ({
      rule: id,
      dueDay:
        withinWorkdays === undefined
          ? addDays(receivedDay, withinDays ?? usualDays)
          : addWorkdays(receivedDay, withinWorkdays),
    }));
  const [first = { rule: 'usual', dueDay: addDays(receivedDay, usualDays) }] = deadlines.sort((a, b) =>
    a.dueDay < b.dueDay ? -1 : 1,
  );
  return first;
}

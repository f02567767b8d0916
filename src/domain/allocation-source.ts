import { z } from 'zod';
import type { AllocationOrder } from './allocation';
import type { AllocationRules } from './allocation-rules';
import { components } from './loan';

const order = {
  by: z.enum(['instalment', 'component']),
  components: z
    .array(z.enum(components))
    .refine(
      (list) => list.length === components.length && new Set(list).size === components.length,
      `must name each of ${components.join(', ')} once`,
    ),
  scope: z.enum(['whole-schedule', 'due-first']).optional(),
};

type WrittenOrder = z.infer<z.ZodObject<typeof order>>;

const scopeFits = ({ by, scope }: Pick<WrittenOrder, 'by' | 'scope'>): boolean =>
  scope === undefined || by === 'component';
const scopeRule = { path: ['scope'], message: 'belongs to by: component; the oldest instalment is due first anyway' };
const orderSource = z.strictObject(order).refine(scopeFits, scopeRule);

/** In which order money settles what is due, and the other orders of other states of the loan. */
export const allocationSource = z
  .strictObject({
    ...order,
    nonPerforming: z
      .strictObject({ ...order, fromDpd: z.int().min(1).max(3_650) })
      .refine(scopeFits, scopeRule)
      .optional(),
    settlement: orderSource.optional(),
    writtenOff: orderSource.optional(),
  })
  .refine(scopeFits, scopeRule);

type AllocationSource = z.infer<typeof allocationSource>;

export function toAllocation({ nonPerforming, settlement, writtenOff, ...normal }: AllocationSource): AllocationRules {
  return {
    ...toOrder(normal),
    ...(nonPerforming !== undefined && {
      nonPerforming: { ...toOrder(nonPerforming), fromDpd: nonPerforming.fromDpd },
    }),
    ...(settlement !== undefined && { settlement: toOrder(settlement) }),
    ...(writtenOff !== undefined && { writtenOff: toOrder(writtenOff) }),
  };
}

function toOrder({ by, components: named, scope }: WrittenOrder): AllocationOrder {
  return { by, components: named, ...(scope !== undefined && { scope }) };
}

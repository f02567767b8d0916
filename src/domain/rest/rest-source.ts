import { z } from 'zod';
import { type PauseReason, pauseReasons } from '../case';
import { flagCodes, type FlagName } from '../contact/flag';
import { duration } from '../duration-source';
import { defaultPauses, defaultSituations } from './default-rests';
import { type PauseRule, restEffects, type RestRules, type SituationRule } from './rest-rules';

const stops = z.array(z.enum(restEffects)).refine((list) => new Set(list).size === list.length, 'names one twice');

/** The parts of a policy that say what rests; both may be left out, as a whole and row by row. */
export const restSections = {
  pauses: z
    .partialRecord(z.enum(pauseReasons), z.strictObject({ stops: stops.optional(), reviewAfter: duration.optional() }))
    .default({}),
  situations: z
    .partialRecord(
      // Those that the service sets by itself act on contacts alone.
      z.enum(flagCodes).exclude(['opt-out', 'opt-out-review', 'lost-contact']),
      z.strictObject({
        stops: stops.optional(),
        afterEndDays: z.int().min(0).max(3660).optional(),
        review: z.union([z.literal('none'), duration]).optional(),
        handler: z.enum(['required', 'optional']).optional(),
      }),
    )
    .default({}),
};
type RestSource = z.infer<z.ZodObject<typeof restSections>>;

/** What an officer wrote, over what holds where nothing was written. */
export function toRestRules({ pauses, situations }: RestSource): RestRules {
  return {
    pauses: mapRows(defaultPauses, (rule, reason: PauseReason): PauseRule => {
      const written = pauses[reason];
      return { stops: written?.stops ?? rule.stops, reviewAfter: written?.reviewAfter ?? rule.reviewAfter };
    }),
    situations: mapRows(defaultSituations, (rule, flag: FlagName): SituationRule => {
      const written = Object.hasOwn(situations, flag) ? situations[flag as keyof typeof situations] : undefined;
      const review = written?.review ?? rule.review ?? 'none';
      const afterEndDays = written?.afterEndDays ?? rule.afterEndDays ?? 0;
      return {
        stops: written?.stops ?? rule.stops,
        ...(afterEndDays > 0 && { afterEndDays }),
        ...(review !== 'none' && { review }),
        needsHandler: written?.handler === undefined ? rule.needsHandler : written.handler === 'required',
      };
    }),
  };
}

function mapRows<K extends string, V>(rows: Readonly<Record<K, V>>, change: (row: V, key: K) => V): Record<K, V> {
  const changed = Object.entries<V>(rows).map(([key, row]) => [key, change(row, key as K)]);
  return Object.fromEntries(changed) as Record<K, V>;
}

import { z } from 'zod';
import type { Problem } from '../problem';

/** What a policy says of writing a loan off. */
export interface WriteOffRule {
  /** The role that decides on it. */
  readonly approval: string;
  /** Raw days past due from which a loan may be written off. */
  readonly fromDpd: number;
  /** The stage of the course to which a loan that is written off goes; null where its course goes on as it stands. */
  readonly stage: string | null;
}

/** What a policy says of selling a loan. */
export interface SaleRule {
  readonly approval: string;
}

const role = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be the name of a role');

/** The parts of a policy that say how a loan ends other than by being paid; both may be left out. */
export const endingSections = {
  writeOff: z
    .strictObject({
      approval: role,
      fromDpd: z.int().min(0).max(3650),
      continueCollection: z.union([z.literal(true), z.string()], { error: 'must be true, or the name of a stage' }),
    })
    .default({ approval: 'supervisor', fromDpd: 180, continueCollection: true }),
  sale: z.strictObject({ approval: role }).default({ approval: 'supervisor' }),
};
type EndingSource = z.infer<z.ZodObject<typeof endingSections>>;

export function toWriteOffRule({ writeOff }: EndingSource): WriteOffRule {
  const { approval, fromDpd, continueCollection } = writeOff;
  return { approval, fromDpd, stage: continueCollection === true ? null : continueCollection };
}

/** What is wrong with these sections although their shape is right. */
export function endingProblems({
  writeOff,
  stages,
}: EndingSource & { readonly stages: Readonly<Record<string, unknown>> }): readonly Problem[] {
  const { continueCollection } = writeOff;
  if (continueCollection === true || Object.hasOwn(stages, continueCollection)) return [];
  const reason = `is none of the stages ${Object.keys(stages).join(', ')}`;
  return [{ path: ['writeOff', 'continueCollection'], reason }];
}

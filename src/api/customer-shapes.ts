import { z } from 'zod';
import { channels } from '../domain/case';
import { partyRoles } from '../domain/contact/party';
import { languages } from '../domain/policy';
import { mailAddress, phoneNumber, timeZone } from '../intake/column-checks';
import type { CustomerRecord, NewContactPoint } from '../store/customers';
import { checked, id, iso, shortText, shownInstant } from './shapes';

export const customerParams = z.object({ customerId: id });

const pointBase = {
  /** Lower is tried first. */
  rank: z.int().min(1).max(999).default(1),
  state: z.enum(['unverified', 'verified', 'invalid', 'reassigned']).default('unverified'),
  place: z.enum(['home', 'work', 'unknown']).default('unknown'),
  /** What the employer says to contacts at work; null while nobody knows. */
  employerAllows: z.boolean().nullable().default(null),
  /** Whose it is; null: the borrower's own. */
  owner: z
    .strictObject({ partyId: id, role: z.enum(partyRoles).exclude(['borrower']) })
    .nullable()
    .default(null),
};
export const contactPoint = z.discriminatedUnion('kind', [
  z.strictObject({ ...pointBase, kind: z.literal('phone'), value: checked(phoneNumber) }),
  z.strictObject({ ...pointBase, kind: z.literal('email'), value: checked(mailAddress) }),
  z.strictObject({ ...pointBase, kind: z.literal('address'), value: shortText(500) }),
]);

const preference = z.union([shortText(500), z.number(), z.boolean(), z.null(), z.array(shortText(100)).max(50)]);
/** The bank's own limits and wishes for this person. */
export const preferences = z
  .record(shortText(64), preference)
  .refine((given) => Object.keys(given).length <= 50, 'has more than 50 entries');

export const customerBody = z.strictObject({
  name: shortText(200),
  language: z.enum(languages),
  timezone: checked(timeZone).meta({ examples: ['Asia/Shanghai'] }),
  preferences: preferences.default({}),
  /** Added to those on record. */
  contactPoints: z.array(contactPoint).max(20).optional(),
});

export const consentBody = z.strictObject({
  channel: z.enum(channels),
  state: z.enum(['opted-in', 'opted-out']),
  /** How the bank knows. */
  source: shortText(200),
  at: z.iso.datetime({ offset: true }).optional(),
});

export const customer = z
  .object({
    customerId: z.string(),
    name: z.string(),
    language: z.enum(languages),
    timezone: z.string(),
    preferences: z.record(z.string(), z.unknown()),
    contactPoints: z.array(
      z.object({
        kind: z.enum(['phone', 'email', 'address']),
        value: z.string(),
        rank: z.int(),
        state: z.enum(['unverified', 'verified', 'invalid', 'reassigned']),
        stateReason: z.string().nullable(),
        place: z.enum(['home', 'work', 'unknown']),
        employerAllows: z.boolean().nullable(),
        owner: z.object({ partyId: z.string(), role: z.enum(partyRoles) }).nullable(),
      }),
    ),
    consents: z.array(
      z.object({
        channel: z.enum(channels),
        state: z.enum(['opted-in', 'opted-out']),
        source: z.string(),
        at: shownInstant,
      }),
    ),
  })
  .meta({ id: 'Customer' });

export function toContactPoint({ owner, ...point }: z.infer<typeof contactPoint>): NewContactPoint {
  return owner === null ? point : { ...point, partyId: owner.partyId, partyRole: owner.role };
}

export function showCustomer({ consents, contactPoints, ...record }: CustomerRecord): z.infer<typeof customer> {
  const parsed = preferences.safeParse(record.preferences);
  return {
    ...record,
    preferences: parsed.success ? parsed.data : {},
    contactPoints: contactPoints.map(({ partyId, partyRole, ...point }) => ({
      ...point,
      owner: partyId === null ? null : { partyId, role: partyRole },
    })),
    consents: consents.map(({ atMs, ...consent }) => ({ ...consent, at: iso(atMs) })),
  };
}

import { z } from 'zod';
import { channels } from '../domain/case';
import { owesByContract, type PartyRole, partyRoles } from '../domain/contact/party';
import { languages } from '../domain/policy';
import { mailAddress, phoneNumber, timeZone } from '../intake/column-checks';
import { borrowersOwn, type CustomerRecord, type NewContactPoint } from '../store/customers';
import { checked, id, iso, shortText, shownInstant } from './shapes';

export const customerParams = z.object({ customerId: id });

/** Whose a number or an address is where it is not the borrower's own. */
const owner = z
  .strictObject({
    partyId: id,
    role: z.enum(partyRoles).exclude(['borrower']),
    /**
     * Of a co-borrower or a guarantor: which of the borrower's loans they owe or answer for, of the person, whichever number says it.
     * They are told of no other, and of none while nobody has said it. An empty list ends it; left out, it stays as it is on record.
     */
    loanIds: z.array(id).max(50).optional(),
  })
  .refine(({ role, loanIds }) => loanIds === undefined || owesByContract(role), {
    path: ['loanIds'],
    error: 'belongs to a co-borrower or a guarantor: nobody else owes single loans by contract',
  });

// What is left out stays as it is on record: a nightly file of numbers must not revive one that proved wrong.
const pointBase = {
  /** Lower is tried first; 1 for a new one. */
  rank: z.int().min(1).max(999).optional(),
  /** Unverified for a new one. */
  state: z.enum(['unverified', 'verified', 'invalid', 'reassigned']).optional(),
  place: z.enum(['home', 'work', 'unknown']).optional(),
  /** What the employer says to contacts at work; null while nobody knows. */
  employerAllows: z.boolean().nullable().optional(),
  /** Whose it is; null: the borrower's own. */
  owner: owner.nullable().optional(),
};
export const contactPoint = z.discriminatedUnion('kind', [
  z.strictObject({
    ...pointBase,
    kind: z.literal('phone'),
    value: checked(phoneNumber),
    /** False: it is for calls only. */
    takesSms: z.boolean().optional(),
  }),
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
  /** Those on record stay where none are given. */
  preferences: preferences.optional(),
  /** Added to those on record. */
  contactPoints: z.array(contactPoint).max(20).optional(),
});

export const consentBody = z.strictObject({
  channel: z.enum(channels),
  state: z.enum(['opted-in', 'opted-out']),
  /** How the bank knows. */
  source: shortText(200),
  /** When it was said; now where it is left out. It does not lie ahead, and no consent lies before the opt-out in force. */
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
        takesSms: z.boolean(),
        owner: z
          .object({
            partyId: z.string(),
            role: z.enum(partyRoles),
            /** Of a co-borrower or a guarantor; empty while nobody has said which loans are theirs. */
            loanIds: z.array(z.string()).optional(),
          })
          .nullable(),
      }),
    ),
    consents: z.array(
      z.object({
        channel: z.enum(channels),
        state: z.enum(['opted-in', 'opted-out']),
        source: z.string(),
        at: shownInstant,
        /** Who wrote it down; `borrower` and `provider` for words to the machine, null where nobody was kept. */
        actor: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Customer' });

export function toContactPoint({ owner, ...point }: z.infer<typeof contactPoint>): NewContactPoint {
  if (owner === undefined) return point;
  if (owner === null) return { ...point, owner: borrowersOwn };
  const { partyId, role, loanIds } = owner;
  return { ...point, owner: { partyId, partyRole: role, loanIds } };
}

export function showCustomer({
  consents,
  contactPoints,
  loansOfParties,
  ...record
}: CustomerRecord): z.infer<typeof customer> {
  const parsed = preferences.safeParse(record.preferences);
  return {
    ...record,
    preferences: parsed.success ? parsed.data : {},
    contactPoints: contactPoints.map(({ partyId, partyRole, ...point }) => ({
      ...point,
      owner: partyId === null ? null : showOwner(partyId, partyRole, loansOfParties[partyId] ?? []),
    })),
    consents: consents.map(({ atMs, ...consent }) => ({ ...consent, at: iso(atMs) })),
  };
}

function showOwner(partyId: string, role: PartyRole, loanIds: string[]) {
  return { partyId, role, ...(owesByContract(role) && { loanIds }) };
}

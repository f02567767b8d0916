import { z } from 'zod';
import { arrangementKinds } from '../domain/arrangement/terms';
import { channels } from '../domain/case';
import { partyRoles } from '../domain/contact/party';
import { contactStates } from '../domain/contact/past-contact';
import type { Contact } from '../store/contact-row';
import type { Handoff } from '../store/legal';
import type { StoredArrangement } from '../store/arrangements';
import type { StoredEvent } from '../store/timeline';
import { iso, maybeIso, shownDay, shownInstant } from './shapes';

const anything = z.record(z.string(), z.unknown());

export const event = z
  .object({
    eventId: z.int(),
    caseNo: z.int(),
    at: shownInstant,
    kind: z.string(),
    actor: z.string(),
    reason: z.string(),
    data: anything,
    recordedAt: shownInstant,
  })
  .meta({ id: 'Event' });

export function showEvent({ atMs, recordedAtMs, ...rest }: StoredEvent): z.infer<typeof event> {
  return { ...rest, at: iso(atMs), recordedAt: iso(recordedAtMs) };
}

export const contact = z
  .object({
    contactId: z.string(),
    loanId: z.string(),
    caseNo: z.int(),
    loanIds: z.array(z.string()),
    channel: z.enum(channels),
    purpose: z.string(),
    template: z.string().nullable(),
    language: z.string().nullable(),
    contactPoint: z.string().nullable(),
    /** Whom it reached; null: the borrower. */
    partyId: z.string().nullable(),
    partyRole: z.enum(partyRoles),
    state: z.enum(contactStates),
    at: shownInstant,
    subject: z.string().nullable(),
    body: z.string().nullable(),
    contentHash: z.string().nullable(),
    providerId: z.string().nullable(),
    outcome: z.string().nullable(),
    /** What the gate saw and which rules it applied. */
    verdict: anything,
    offers: z.array(z.string()),
    madeBy: z.string(),
  })
  .meta({ id: 'Contact' });

export function showContact({ atMs, ...rest }: Contact): z.infer<typeof contact> {
  return { ...rest, at: iso(atMs) };
}

export const restructure = z
  .object({
    restructureId: z.string(),
    kind: z.enum(arrangementKinds),
    terms: anything,
    /** Null until it is in force. */
    effectiveFrom: shownDay.nullable(),
    rejectedOn: shownDay.nullable(),
    cancelledOn: shownDay.nullable(),
    reason: z.string(),
    actor: z.string(),
    recordedAt: shownInstant,
  })
  .meta({ id: 'Restructure' });

export function showRestructure({
  recordedAtMs,
  arrangementId,
  ...rest
}: StoredArrangement): z.infer<typeof restructure> {
  return { ...rest, terms: { ...rest.terms }, restructureId: arrangementId, recordedAt: iso(recordedAtMs) };
}

export const handoff = z
  .object({
    handoffId: z.string(),
    caseNo: z.int(),
    state: z.enum(['proposed', 'approved', 'rejected']),
    proposedBy: z.string(),
    proposedAt: shownInstant,
    evidence: anything,
    decidedBy: z.string().nullable(),
    decidedAt: shownInstant.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Handoff' });

export function showHandoff({ proposedAtMs, decidedAtMs, ...rest }: Handoff): z.infer<typeof handoff> {
  return { ...rest, proposedAt: iso(proposedAtMs), decidedAt: maybeIso(decidedAtMs) };
}

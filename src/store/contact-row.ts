import { z } from 'zod';

import { channels } from '../domain/case';
import { partyRoles } from '../domain/contact/party';
import { contactStates } from '../domain/contact/past-contact';

export const contactRow = z.object({
  contactId: z.string(),
  /** `loan/case/stage/step`: the business key. */
  contactKey: z.string(),
  customerId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  /** Every loan that the contact named. */
  loanIds: z.array(z.string()),
  channel: z.enum(channels),
  purpose: z.string(),
  template: z.string().nullable(),
  language: z.string().nullable(),
  contactPoint: z.string().nullable(),
  /** Whom it reaches; null: the borrower. */
  partyId: z.string().nullable(),
  partyRole: z.enum(partyRoles),
  state: z.enum(contactStates),
  atMs: z.int(),
  subject: z.string().nullable(),
  body: z.string().nullable(),
  contentHash: z.string().nullable(),
  providerId: z.string().nullable(),
  outcome: z.string().nullable(),
  /** What the gate saw and which rules it applied. */
  verdict: z.record(z.string(), z.unknown()),
  offers: z.array(z.string()),
  madeBy: z.string(),
  recordedAtMs: z.int(),
  /** When it was handed to the provider, by the machine's clock; null: the provider has certainly seen nothing. */
  handedAtMs: z.int().nullable(),
  /** When the hours in which it may arrive end; null where they do not within its validity. */
  closesAtMs: z.int().nullable(),
});
export type Contact = z.infer<typeof contactRow>;

/** `t` is the contact. */
export const contactColumns = `t.contact_id as "contactId", t.contact_key as "contactKey",
  t.customer_id as "customerId", t.loan_id as "loanId", t.case_no as "caseNo", t.loan_ids as "loanIds", t.channel,
  t.purpose, t.template, t.language, t.contact_point as "contactPoint",
  t.party_id as "partyId", t.party_role as "partyRole", t.state, t.at as "atMs", t.subject, t.body,
  t.content_hash as "contentHash", t.provider_id as "providerId", t.outcome, t.verdict, t.offers,
  t.made_by as "madeBy", t.recorded_at as "recordedAtMs",
  t.handed_at as "handedAtMs", t.closes_at as "closesAtMs"`;

/** Contacts that were made as far as anyone knows: `unknown` counts, because nobody may send it again. */
export const madeStates = `('placed', 'delivered', 'unknown')`;

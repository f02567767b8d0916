/**
 * What a text can carry, a closed list. Rules of content go by these; the words that prove a tag are the rules' own
 * (`text`): where a rule names them, no tag holds without its words.
 */
export const contentTags = {
  INSTITUTION_ID: 'Names the institution that writes.',
  OPT_OUT: 'Says how to get no more messages of this kind.',
  MINI_MIRANDA: 'Says that this is an attempt to collect a debt, and what information is used for.',
  COLLECTOR_ID: 'Says that it comes from a debt collector.',
  AMOUNTS_SPLIT: 'Splits the amount into capital, interest and fees.',
  COMPLAINT_CONTACT: 'Says where to complain or to object.',
  CARD_LETTER: 'Holds all that a letter about a credit card must show.',
  TRANSFER_NOTICE: 'Tells who owns the loan now, and all that goes with it.',
  LEGAL: 'Speaks of courts or other legal means.',
  DEBT: 'Tells that somebody owes money.',
} as const;
export type ContentTag = keyof typeof contentTags;

export const contentTagCodes = Object.keys(contentTags) as readonly ContentTag[];

import type { Channel } from '../case';

/** What a contact by each channel is made to. */
export const contactPointKindOf = {
  sms: 'phone',
  call: 'phone',
  email: 'email',
  visit: 'address',
  letter: 'address',
} as const satisfies Record<Channel, string>;

import type { Channel } from '../case';

/** One contact of the channel, as a sentence names it. */
export const oneBy: Readonly<Record<Channel, string>> = {
  sms: 'an SMS',
  email: 'an e-mail',
  call: 'a call',
  visit: 'a visit',
  letter: 'a letter',
};

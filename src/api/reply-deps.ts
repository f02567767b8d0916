import type { ReplyDeps } from '../cases/answer-borrower';
import { mailDomainOf, publicUrlOf } from '../config';
import type { ApiDeps } from './deps';

/** What it takes to understand borrowers and to answer them. */
export function replyDeps({ gate, sending, config, replies }: ApiDeps): ReplyDeps {
  return {
    ...{ gate, replies, channels: sending.channels },
    publicUrl: publicUrlOf(config),
    mailDomain: mailDomainOf(config.MAIL_FROM),
    bank: { name: config.BANK_NAME, phone: config.BANK_PHONE },
  };
}

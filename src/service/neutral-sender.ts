import type { Config } from '../config';
import { senderFaults } from '../domain/contact/judge-content';
import type { ContactPack } from '../domain/contact/rule';

/** Whoever reads along in a mailbox sees who wrote. @throws Error when a name of the environment tells more than that. */
export function requireNeutralSender(
  { MAIL_FROM, BANK_NAME }: Pick<Config, 'MAIL_FROM' | 'BANK_NAME'>,
  packs: readonly Pick<ContactPack, 'rules'>[],
): void {
  const today = new Date().toISOString().slice(0, 10);
  for (const [variable, name] of Object.entries({ MAIL_FROM, BANK_NAME })) {
    const [fault] = senderFaults(name, packs, today);
    if (fault !== undefined) throw new Error(`The environment cannot be used:\n  ${variable}: ${fault.reason}`);
  }
}

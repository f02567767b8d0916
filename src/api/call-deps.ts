import type { CallDeps } from '../cases/call-deps';
import { publicUrlOf } from '../config';
import type { ApiDeps } from './deps';

/** What calls need, from what the HTTP service works with. */
export function callDepsOf({ desk, gate, config, calls }: ApiDeps): CallDeps {
  const bank = { name: config.BANK_NAME, phone: config.BANK_PHONE };
  const { voice, recorded } = calls ?? { voice: null, recorded: false };
  return { desk, gate, voice, publicUrl: publicUrlOf(config), bank, recorded };
}

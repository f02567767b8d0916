import type { CallDeps } from '../cases/call-deps';
import type { ApiDeps } from './deps';

/** What calls need, from what the HTTP service works with. */
export function callDepsOf({ desk, gate, config, calls }: ApiDeps): CallDeps {
  const publicUrl = config.PUBLIC_URL ?? `http://${config.ARREARS_HOST}:${config.ARREARS_PORT}`;
  const { voice, bank, recorded } = calls ?? { voice: null, bank: { name: '', phone: '' }, recorded: false };
  return { desk, gate, voice, publicUrl, bank, recorded };
}

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createTwilioVerifier } from '../channels/twilio-signature';
import { publicUrlOf } from '../config';
import { Refusal } from '../domain/refusal';
import type { ApiDeps } from './deps';

/** A form of Twilio's; the signature covers every field, also those that nobody reads here. */
export const twilioForm = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
export type TwilioForm = z.infer<typeof twilioForm>;

/**
 * A check that a request with such a form was signed by Twilio for the address that we were configured with; one that was
 * not is refused before anything of it is read.
 */
export function signedByTwilio({ sending, config }: ApiDeps): (request: FastifyRequest) => void {
  const verify = createTwilioVerifier({ authToken: sending.twilioAuthToken, publicUrl: publicUrlOf(config) });
  return (request) => {
    const header = request.headers['x-twilio-signature'];
    const signature = typeof header === 'string' ? header : undefined;
    if (verify({ pathAndQuery: request.originalUrl, signature, params: request.body as TwilioForm })) return;
    throw new Refusal('Forbidden', 'the request is not signed by the provider');
  };
}

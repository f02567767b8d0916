import type { Logger } from 'pino';
import type { Desk } from '../cases/desk';
import type { CallDeps } from '../cases/call-deps';
import type { Actor } from '../cases/actor';
import type { Channels } from '../channels/channel-clients';
import type { LocalProviders } from '../channels/local/local-providers';
import type { Config, Role } from '../config';
import type { Gate } from '../contact/gate';
import type { Replies } from '../policy/replies';

/** What the HTTP service works with. */
export interface ApiDeps {
  readonly desk: Desk;
  readonly gate: Gate;
  readonly sending: {
    readonly twilioAuthToken: string;
    readonly local: Pick<LocalProviders, 'outbox'> | null;
    readonly channels: Channels;
  };
  readonly config: Pick<
    Config,
    | 'ARREARS_API_KEYS'
    | 'ARREARS_RATE_PER_MINUTE'
    | 'PUBLIC_URL'
    | 'ARREARS_HOST'
    | 'ARREARS_PORT'
    | 'BANK_NAME'
    | 'BANK_PHONE'
    | 'MAIL_FROM'
  >;
  /** Calls through a telephone provider; without it none are made. */
  readonly calls?: Pick<CallDeps, 'voice' | 'recorded'>;
  /** What borrowers write back, and what is answered. */
  readonly replies: Replies;
  readonly logger: Logger;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that says whom it allows. */
    actor: Actor;
    /** Set while the answer is to be kept under the request's Idempotency-Key. */
    keyed: { readonly route: string; readonly key: string } | null;
  }
  interface FastifyContextConfig {
    /** Who may call the route. A route without it answers everybody: health, documentation, signed webhooks. */
    allow?: readonly Role[];
    /** Takes as long as it takes: its calls to Temporal have no common deadline. */
    unhurried?: boolean;
    /** The body is a stream, or there is nothing to keep. */
    withoutKey?: boolean;
  }
}

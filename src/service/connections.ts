import { readFileSync } from 'node:fs';
import type { TLSConfig } from '@temporalio/common/lib/internal-non-workflow';
import type { Config } from '../config';

export interface Addresses {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}

/** What client and worker both take. */
export interface TemporalConnection {
  readonly address: string;
  readonly apiKey?: string;
  readonly tls?: TLSConfig | true;
}

/** How every process of the service reaches Temporal: in clear on loopback, with TLS or an API key where they are given. */
export function temporalConnection(config: Config, address: string): TemporalConnection {
  const { TEMPORAL_API_KEY, TEMPORAL_TLS_CA_PATH, TEMPORAL_TLS_CERT_PATH, TEMPORAL_TLS_KEY_PATH } = config;
  const withKey: TemporalConnection =
    TEMPORAL_API_KEY === undefined ? { address } : { address, apiKey: TEMPORAL_API_KEY, tls: true };
  if (TEMPORAL_TLS_CA_PATH === undefined && TEMPORAL_TLS_CERT_PATH === undefined) return withKey;
  const pair =
    TEMPORAL_TLS_CERT_PATH !== undefined && TEMPORAL_TLS_KEY_PATH !== undefined
      ? { clientCertPair: { crt: readFileSync(TEMPORAL_TLS_CERT_PATH), key: readFileSync(TEMPORAL_TLS_KEY_PATH) } }
      : {};
  const root =
    TEMPORAL_TLS_CA_PATH === undefined ? {} : { serverRootCACertificate: readFileSync(TEMPORAL_TLS_CA_PATH) };
  return { ...withKey, tls: { ...root, ...pair } };
}

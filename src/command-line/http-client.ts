/** An answer of the service that says no; the message is what the user reads. */
export class ServiceRefused extends Error {
  override readonly name = 'ServiceRefused';
}

export interface ServiceClient {
  get(path: string): Promise<unknown>;
  send(method: 'POST' | 'PUT', path: string, body: unknown, headers?: Record<string, string>): Promise<unknown>;
  stream(path: string, body: string | ReadableStream, headers: Record<string, string>): Promise<Response>;
}

/** Talks to a running service. `ARREARS_URL` and `ARREARS_KEY` say where it is and who asks. */
export function createServiceClient(baseUrl: string, key: string | undefined): ServiceClient {
  async function call(method: string, path: string, init: RequestInit): Promise<Response> {
    const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const headers = { ...authorization, ...(init.headers as Record<string, string> | undefined) };
    let response: Response;
    try {
      response = await fetch(`${baseUrl}/v1${path}`, { ...init, method, headers });
    } catch {
      throw new ServiceRefused(`No service answers at ${baseUrl}. Start one with "npm start", or set ARREARS_URL.`);
    }
    if (response.ok) return response;
    throw new ServiceRefused(describeProblem(response.status, await response.text()));
  }
  return {
    async get(path) {
      return (await call('GET', path, {})).json();
    },
    async send(method, path, body, headers = {}) {
      const json = { 'content-type': 'application/json', ...headers };
      const response = await call(method, path, { body: JSON.stringify(body), headers: json });
      const text = await response.text();
      return text === '' ? null : (JSON.parse(text) as unknown);
    },
    stream(path, body, headers) {
      // Node asks for `duplex` where a body is a stream; its types do not know it yet.
      return call('POST', path, { body, headers, duplex: 'half' });
    },
  };
}

function describeProblem(status: number, text: string): string {
  try {
    const problem = JSON.parse(text) as {
      title?: string;
      detail?: string;
      errors?: { field: string; reason: string }[];
    };
    const lines = (problem.errors ?? []).map(({ field, reason }) => `  ${field}: ${reason}`);
    return [`${problem.title ?? status}: ${problem.detail ?? ''}`.trim(), ...lines].join('\n');
  } catch {
    return `The service answered ${status}.`;
  }
}

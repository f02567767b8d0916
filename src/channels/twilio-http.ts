import twilio from 'twilio';

type Request<TData> = typeof twilio.RequestClient.prototype.request<TData>;

/** HTTP 429. Thrown here because the library's own exception drops the Retry-After header. */
export class TooManyRequests extends Error {
  constructor(readonly retryAfterMs: number | null) {
    super('too many requests');
  }
}

/** Twilio's HTTP client, without the two habits that would hide how an attempt ended. */
export class TwilioHttp extends twilio.RequestClient {
  constructor(timeoutMs: number) {
    // No kept-alive sockets: one that died while idle turns a message that never left into an unknown one.
    super({ timeout: timeoutMs, autoRetry: false, keepAlive: false });
  }

  override async request<TData>(...request: Parameters<Request<TData>>): ReturnType<Request<TData>> {
    const response = await super.request<TData>(...request);
    if (response.statusCode === 429) throw new TooManyRequests(retryAfterMs(response.headers));
    return response;
  }
}

function retryAfterMs(headers: unknown): number | null {
  const value = (headers as Record<string, unknown> | undefined)?.['retry-after'];
  const seconds = typeof value === 'string' ? Number.parseInt(value, 10) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

import type { Outbox } from './outbox';
import { isWithin, toTwilioMessage } from './twilio-message';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

/** One page of the messages that a list request asks for, newest first. */
export function pageOf({ accountSid, outbox }: { accountSid: string; outbox: Outbox }, url: URL): object {
  const query = url.searchParams;
  const pageSize = Math.min(Number(query.get('PageSize') ?? DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE);
  const number = Number(query.get('Page') ?? 0);
  const found = outbox
    .list({ channel: 'sms', limit: Number.MAX_SAFE_INTEGER })
    .filter((message) => isWithin(message, query));
  const start = number * pageSize;
  const messages = found.slice(start, start + pageSize);
  const uriOf = (index: number) => {
    const at = new URLSearchParams(query);
    at.set('Page', String(index));
    return `${url.pathname}?${at.toString()}`;
  };
  return {
    messages: messages.map((message) => toTwilioMessage(accountSid, message)),
    page: number,
    page_size: pageSize,
    start,
    end: start + Math.max(messages.length - 1, 0),
    uri: uriOf(number),
    first_page_uri: uriOf(0),
    next_page_uri: start + pageSize < found.length ? uriOf(number + 1) : null,
    previous_page_uri: number > 0 ? uriOf(number - 1) : null,
  };
}

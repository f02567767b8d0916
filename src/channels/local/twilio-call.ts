import { randomBytes } from 'node:crypto';

/** An id of Twilio's form: two letters and 32 hexadecimal digits. */
export function newSid(prefix: 'CA' | 'RE'): string {
  return `${prefix}${randomBytes(16).toString('hex')}`;
}

/** One leg of a call as the local provider keeps it. */
export interface LocalCall {
  readonly sid: string;
  readonly parentSid: string | null;
  readonly to: string;
  readonly from: string;
  readonly createdAtMs: number;
  status: string;
  answeredBy: string | null;
}

/** A call as Twilio's API shows it. */
export function toTwilioCall(accountSid: string, call: LocalCall): object {
  const created = new Date(call.createdAtMs).toUTCString().replace('GMT', '+0000');
  return {
    account_sid: accountSid,
    answered_by: call.answeredBy,
    api_version: '2010-04-01',
    caller_name: null,
    date_created: created,
    date_updated: created,
    direction: call.parentSid === null ? 'outbound-api' : 'outbound-dial',
    duration: null,
    end_time: null,
    forwarded_from: null,
    from: call.from,
    from_formatted: call.from,
    group_sid: null,
    parent_call_sid: call.parentSid,
    phone_number_sid: null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    sid: call.sid,
    start_time: null,
    status: call.status,
    subresource_uris: {},
    to: call.to,
    to_formatted: call.to,
    trunk_sid: null,
    uri: `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}.json`,
  };
}

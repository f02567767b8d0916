import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { Channel } from '../../src/domain/case';
import type {
  BlockRule,
  ContactPack,
  ContactRule,
  ContactState,
  FrequencyCapRule,
  PastContact,
  TimeWindowRule,
  ZoneClock,
} from '../../src/domain/contact-rules';

export const everyChannel: readonly Channel[] = ['sms', 'email', 'call', 'visit', 'letter'];
export const hours: TimeWindowRule = {
  id: 'HOURS',
  kind: 'timeWindow',
  channels: everyChannel,
  start: '08:00',
  end: '21:00',
};
export const dailyCap: FrequencyCapRule = {
  ...{ id: 'DAILY', kind: 'frequencyCap', channels: ['sms', 'email'], max: 1 },
  ...{ scope: 'person', window: 'calendarDay' },
};
export const callCap: FrequencyCapRule = {
  ...{ id: 'CALLS-7', kind: 'frequencyCap', channels: ['call'], max: 7 },
  ...{ scope: 'person', window: { rollingDays: 7 } },
};
export const optOut: BlockRule = { id: 'OPT-OUT', kind: 'block', channels: everyChannel, flag: 'opt-out' };

export const clocks = new Map<string, ZoneClock>(
  ['Asia/Shanghai', 'America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu', 'Asia/Kolkata', 'Europe/London'].map(
    (zone) => [zone, createBankCalendar({ zone, workdays: 'weekdays' })],
  ),
);
export const calendarFor = (zone: string): ZoneClock | null => clocks.get(zone) ?? null;

export const pack = (...rules: readonly ContactRule[]): ContactPack => ({ id: 'sample', version: '1', rules });
export const made = (at: string, channel: Channel = 'sms', state: ContactState = 'placed'): PastContact => ({
  ...{ channel, state, atMs: Date.parse(at), handedOver: true },
});

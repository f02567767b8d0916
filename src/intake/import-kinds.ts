import { riskTiers } from '../domain/loan';
import type { Check } from './column-checks';
import {
  countingNumber,
  currencyCode,
  day,
  mailAddress,
  minorUnits,
  oneOf,
  phoneNumber,
  textOf,
  timeZone,
} from './column-checks';

/** What a file can bring. In the order in which a portfolio must be brought: each refers to the ones before it. */
export const importKinds = ['customers', 'loans', 'instalments', 'payments'] as const;
export type ImportKind = (typeof importKinds)[number];

export interface Column {
  readonly name: string;
  readonly sqlType: 'text' | 'date' | 'bigint' | 'int';
  readonly check: Check;
  /** May be empty, null or absent. */
  readonly optional?: true;
}

const id = textOf(64);
const text = (name: string, check: Check): Column => ({ name, sqlType: 'text', check });
const amount = (name: string, leastMinor: 0 | 1): Column => ({
  name,
  sqlType: 'bigint',
  check: minorUnits(leastMinor),
});

export const columnsOf: Readonly<Record<ImportKind, readonly Column[]>> = {
  customers: [
    text('customer_id', id),
    text('name', textOf(200)),
    text('language', oneOf('zh', 'en')),
    text('timezone', timeZone),
    { ...text('phone', phoneNumber), optional: true },
    { ...text('email', mailAddress), optional: true },
  ],
  loans: [
    text('loan_id', id),
    text('customer_id', id),
    text('product', textOf(64)),
    text('currency', currencyCode),
    amount('principal_minor', 1),
    { name: 'disbursed_on', sqlType: 'date', check: day },
    text('risk_tier', oneOf(...riskTiers)),
    text('branch', textOf(64)),
  ],
  instalments: [
    text('loan_id', id),
    { name: 'instalment_no', sqlType: 'int', check: countingNumber },
    { name: 'due_on', sqlType: 'date', check: day },
    amount('principal_minor', 0),
    amount('interest_minor', 0),
    amount('fee_minor', 0),
    amount('penalty_minor', 0),
  ],
  payments: [
    text('payment_id', id),
    text('loan_id', id),
    text('kind', oneOf('payment', 'reversal', 'bounce', 'chargeback')),
    amount('amount_minor', 1),
    text('currency', currencyCode),
    { name: 'value_on', sqlType: 'date', check: day },
    { ...text('reverses', id), optional: true },
    { name: 'booked_on', sqlType: 'date', check: day, optional: true },
  ],
};

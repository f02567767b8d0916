/** Everything that a message may say. Money is formatted, loan numbers are masked. */
export interface MessageVariables {
  readonly bank: { readonly name: string; readonly phone: string };
  readonly borrower: { readonly name: string };
  /** Every loan of the borrower that the message is about: one message names them all. */
  readonly loans: readonly {
    /** Masked number such as `…1234`. */
    readonly label: string;
    /** Formatted; what is due and unpaid. */
    readonly overdue: string;
    readonly dueDay: string;
    readonly daysPastDue: number;
  }[];
  /** Formatted sum of `overdue`. */
  readonly total: string;
  readonly loanCount: number;
  /** Whether this is the first communication about one of the loans. */
  readonly firstContact: boolean;
  /** What was promised, formatted, and is not paid yet, with its day; only in the reminder of a promise. */
  readonly promise?: { readonly amount: string; readonly day: string };
}

const loans: MessageVariables['loans'] = [
  { label: '…1001', overdue: '¥1,250.00', dueDay: '2026-11-01', daysPastDue: 12 },
  { label: '…1002', overdue: '¥300.00', dueDay: '2026-11-12', daysPastDue: 1 },
  { label: '…1003', overdue: '¥42,000.50', dueDay: '2026-11-16', daysPastDue: 0 },
];

/**
 * What templates are tried with before they are published: one loan and several, as a first message and as a later one,
 * because texts often tell them apart, and any step of a course may turn out to be the first that reaches somebody.
 */
export const sampleVariables: readonly MessageVariables[] = [
  sample(loans.slice(0, 1), '¥1,250.00', true),
  sample(loans, '¥43,550.50', true),
  sample(loans.slice(0, 1), '¥1,250.00', false),
  sample(loans, '¥43,550.50', false),
];

function sample(about: MessageVariables['loans'], total: string, firstContact: boolean): MessageVariables {
  return {
    bank: { name: 'Sample Bank', phone: '+12025550100' },
    borrower: { name: 'Sample Borrower' },
    loans: about,
    total,
    loanCount: about.length,
    firstContact,
    promise: { amount: '¥500.00', day: '2026-11-20' },
  };
}

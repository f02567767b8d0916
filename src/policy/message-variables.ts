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
}

const loans: MessageVariables['loans'] = [
  { label: '…1001', overdue: '¥1,250.00', dueDay: '2026-11-01', daysPastDue: 12 },
  { label: '…1002', overdue: '¥300.00', dueDay: '2026-11-12', daysPastDue: 1 },
  { label: '…1003', overdue: '¥42,000.50', dueDay: '2026-11-16', daysPastDue: 0 },
];

/** What templates are tried with before they are published: one loan, and several, because texts often tell them apart. */
export const sampleVariables: readonly MessageVariables[] = [
  sample(loans.slice(0, 1), '¥1,250.00'),
  sample(loans, '¥43,550.50'),
];

function sample(about: MessageVariables['loans'], total: string): MessageVariables {
  return {
    bank: { name: 'Sample Bank', phone: '+12025550100' },
    borrower: { name: 'Sample Borrower' },
    loans: about,
    total,
    loanCount: about.length,
  };
}

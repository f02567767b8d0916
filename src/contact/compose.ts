import { type Delinquency, delinquencyAsOf, type DelinquencyRules } from '../domain/delinquency';
import type { ContentTag } from '../domain/contact/content-tag';
import type { Purpose } from '../domain/contact/purpose';
import type { Day } from '../domain/day';
import { formatMoney } from '../domain/money';
import type { Language } from '../domain/policy';
import type { StoredLoanFacts } from '../store/loan-facts';
import type { Templates } from '../policy/message-template';
import { renderMessage } from '../policy/templates';

export interface Bank {
  readonly name: string;
  readonly phone: string;
}

export interface Message {
  readonly loanIds: readonly string[];
  readonly purpose: Purpose;
  readonly offers: readonly string[];
  /** Null where the template was published before tags were. */
  readonly tags: readonly ContentTag[] | null;
  /** The name under which the bank writes. */
  readonly sender: string;
  readonly subject: string | null;
  readonly body: string;
}

interface Composing {
  readonly templates: Templates;
  readonly template: string;
  readonly channel: 'sms' | 'email';
  readonly language: Language;
  readonly bank: Bank;
  /** How whoever reads it is called. */
  readonly addressee: string;
  /** Those that are named, all in one currency. */
  readonly loans: readonly StoredLoanFacts[];
  /** What of a promise the message is a reminder of. */
  readonly promised?: { readonly amountMinor: number; readonly dueDay: Day } | undefined;
  /** Those that were written or spoken about before. */
  readonly contacted: ReadonlySet<string>;
  readonly rules: DelinquencyRules;
  readonly today: Day;
}

/**
 * One message for the borrower that names all these loans (design, decision 7). Throws `TemplateInvalid` when a variable is
 * missing, before anything is reserved or sent.
 */
export function composeMessage(composing: Composing): Message {
  const { templates, template, channel, language, loans, rules, today, promised } = composing;
  const lines = loans.map((loan) => lineOf(loan, delinquencyAsOf(loan, today, rules), language));
  const currency = loans[0]?.currency ?? '';
  const totalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const rendered = renderMessage(templates, template, channel, language, {
    bank: composing.bank,
    borrower: { name: composing.addressee },
    loans: lines.map(({ line }) => line),
    loanCount: lines.length,
    total: formatMoney(totalMinor, currency, language),
    ...(promised !== undefined && {
      promise: { amount: formatMoney(promised.amountMinor, currency, language), day: promised.dueDay },
    }),
    firstContact: loans.some(({ loanId }) => !composing.contacted.has(loanId)),
  });
  const { offers = [], tags = null } = templates[template] ?? {};
  const purpose = purposeOf(templates, template);
  const sender = composing.bank.name;
  return { ...rendered, purpose, offers, tags, sender, loanIds: loans.map(({ loanId }) => loanId) };
}

/** Why a message of this template is sent. */
export function purposeOf(templates: Templates, template: string): Purpose {
  return templates[template]?.purpose ?? 'reminder';
}

function lineOf(loan: StoredLoanFacts, standing: Delinquency, language: Language) {
  const overdue = standing.oldestUnpaidDueDay !== null;
  const amountMinor = overdue ? standing.overdueMinor : standing.nextDueMinor;
  return {
    amountMinor,
    line: {
      label: `…${loan.loanId.slice(-4)}`,
      overdue: formatMoney(amountMinor, loan.currency, language),
      dueDay: standing.oldestUnpaidDueDay ?? standing.nextDueDay ?? standing.asOf,
      daysPastDue: standing.rawDpd,
    },
  };
}

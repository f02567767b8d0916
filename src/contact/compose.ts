import { type Delinquency, delinquencyAsOf, type DelinquencyRules } from '../domain/delinquency';
import type { ContentTag } from '../domain/contact/content-tag';
import type { Purpose } from '../domain/contact/purpose';
import type { Day } from '../domain/day';
import { formatMoney } from '../domain/money';
import { isPausedOn } from '../domain/paused-days';
import { pausesThatStop } from '../domain/rest/rest-rules';
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
  /** The case's own loan; it is always named. */
  readonly loanId: string;
  readonly loans: readonly StoredLoanFacts[];
  /** What of a promise the message is a reminder of. */
  readonly promised?: { readonly amountMinor: number; readonly dueDay: Day } | undefined;
  /** Those that were written or spoken about before. */
  readonly contacted: ReadonlySet<string>;
  readonly rules: DelinquencyRules;
  readonly today: Day;
}

/**
 * One message for the borrower that names every loan of theirs that is overdue in the case's currency and not paused
 * (design, decision 7). Throws `TemplateInvalid` when a variable is missing, before anything is reserved or sent.
 */
export function composeMessage(composing: Composing): Message {
  const { templates, template, channel, language, loanId, rules, today, promised } = composing;
  const standings = composing.loans.map((loan) => ({ loan, standing: delinquencyAsOf(loan, today, rules) }));
  const currency = composing.loans.find((loan) => loan.loanId === loanId)?.currency;
  const rests = ({ pauses }: StoredLoanFacts): boolean =>
    isPausedOn(pausesThatStop(pauses, 'contacts', rules.rests), today);
  const named = standings.filter(
    ({ loan, standing }) =>
      loan.loanId === loanId || (loan.currency === currency && standing.rawDpd > 0 && !rests(loan)),
  );
  const lines = named.map(({ loan, standing }) => lineOf(loan, standing, language));
  const totalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const rendered = renderMessage(templates, template, channel, language, {
    bank: composing.bank,
    borrower: { name: composing.addressee },
    loans: lines.map(({ line }) => line),
    loanCount: lines.length,
    total: formatMoney(totalMinor, currency ?? '', language),
    ...(promised !== undefined && {
      promise: { amount: formatMoney(promised.amountMinor, currency ?? '', language), day: promised.dueDay },
    }),
    firstContact: named.some(({ loan }) => !composing.contacted.has(loan.loanId)),
  });
  const { purpose = 'reminder', offers = [], tags = null } = templates[template] ?? {};
  const sender = composing.bank.name;
  return { ...rendered, purpose, offers, tags, sender, loanIds: named.map(({ loan }) => loan.loanId) };
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

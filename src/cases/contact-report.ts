import type { Channel } from '../domain/case';
import type { Cause } from '../domain/cause/cause';
import type { ContentTag } from '../domain/contact/content-tag';
import type { Purpose } from '../domain/contact/purpose';
import type { VisitPlan } from '../domain/contact/situation';
import type { Language } from '../domain/policy';
import type { ContactOutcome } from '../domain/task-outcome';

/** What stood in a letter or a message that somebody else wrote, as far as they tell. */
export interface ReportedWords {
  readonly subject?: string | undefined;
  readonly body?: string | undefined;
  /** Of the body; the rules know no words of any other. */
  readonly language?: Language | undefined;
  /** What it carries, as whoever wrote it says. */
  readonly tags?: readonly ContentTag[] | undefined;
  /** The name under which it was written; left out: that of whoever made it for the bank, or the bank's. */
  readonly sender?: string | undefined;
}

export interface ContactReport extends ReportedWords {
  /** Whoever reports gives it: the same report again is known. */
  readonly reportId: string;
  readonly channel: Channel;
  readonly direction: 'outbound' | 'inbound';
  readonly purpose: Purpose;
  readonly atMs: number;
  readonly contactPoint: string | null;
  /** Null for what is written. */
  readonly outcome: ContactOutcome | null;
  readonly agency: string | null;
  readonly visit: VisitPlan | null;
  readonly note: string | null;
  /** What it was about, the case's own loan among them; left out: what a message of that day would have named. */
  readonly loanIds?: readonly string[] | undefined;
  /** Why the borrower is behind, where they said so. */
  readonly cause?: Cause | undefined;
}

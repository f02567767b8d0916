import { addDays, type Day, isDay } from './day';

/** What a borrower's message asks for, as far as a machine may say. What it may not say is for a person to read. */
export type Meaning =
  | { readonly kind: 'stop' | 'resume' | 'possible-stop' | 'paid' | 'call-me' | 'other' }
  /** By keyword; what is missing or cannot be read is null. `amount` is as it was written. */
  | { readonly kind: 'promise'; readonly day: Day | null; readonly amount: string | null };

export interface ReplyWords {
  /** Whole messages, folded by `foldWord`. */
  readonly stop: ReadonlySet<string>;
  readonly resume: ReadonlySet<string>;
  readonly possibleStop: readonly RegExp[];
  readonly paid: readonly RegExp[];
  readonly callMe: readonly RegExp[];
  /** Keywords, the longest first. */
  readonly promise: readonly string[];
}

/** Case, width, spaces and punctuation say nothing. */
export function foldWord(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{P}\p{S}]/gu, '');
}

/** Reads a message. Where it may be an opt-out, nothing else that it says counts before a person has read it. */
export function understandReply(text: string, words: ReplyWords, today: Day): Meaning {
  const folded = foldWord(text);
  if (words.stop.has(folded)) return { kind: 'stop' };
  if (words.resume.has(folded)) return { kind: 'resume' };
  const plain = text.normalize('NFKC').trim();
  const says = (phrases: readonly RegExp[]): boolean => phrases.some((phrase) => phrase.test(plain));
  if (says(words.possibleStop)) return { kind: 'possible-stop' };
  const keyword = words.promise.find((word) => plain.toUpperCase().startsWith(word));
  if (keyword !== undefined) return { kind: 'promise', ...promiseIn(plain.slice(keyword.length), today) };
  if (says(words.paid)) return { kind: 'paid' };
  return { kind: says(words.callMe) ? 'call-me' : 'other' };
}

function promiseIn(text: string, today: Day): { readonly day: Day | null; readonly amount: string | null } {
  const found = /(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?/.exec(text);
  if (found === null) return { day: null, amount: amountIn(text) };
  const [whole, year, month = '', dayOfMonth = ''] = found;
  const rest = text.slice(found.index + whole.length);
  return { day: dayOf(year, month, dayOfMonth, today), amount: amountIn(rest) };
}

const halfYearDays = 182;

/** Without a year the day nearest ahead; one that lies less than half a year back is taken as past. */
function dayOf(year: string | undefined, month: string, dayOfMonth: string, today: Day): Day | null {
  const inYear = (which: number): Day => `${which}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`;
  const thisYear = Number(today.slice(0, 4));
  const day = inYear(year === undefined ? thisYear : Number(year));
  if (year === undefined && isDay(day) && day < addDays(today, -halfYearDays)) return inYear(thisYear + 1);
  return isDay(day) ? day : null;
}

function amountIn(text: string): string | null {
  return /\d[\d,]*(?:\.\d+)?/.exec(text)?.[0] ?? null;
}

import type { Language } from '../policy';
import { Refusal } from '../refusal';

/**
 * The parts of which a limited-content message may be built, and no others (12 CFR 1006.2(j)): four that must be in it, each
 * once, and four that may. Anything else, even text that a state asks for, makes it a communication about a debt.
 */
export type LimitedPart =
  /** The institution's name, which must not show that debts are collected. */
  | { readonly kind: 'business-name'; readonly name: string }
  | { readonly kind: 'request-to-reply' }
  /** One or more people whom the borrower can ask for. */
  | { readonly kind: 'person-name'; readonly name: string }
  /** E.164, or a short number of the country. */
  | { readonly kind: 'call-back-number'; readonly number: string }
  | { readonly kind: 'salutation' }
  /** As it is to be read out. */
  | { readonly kind: 'date-time'; readonly text: string }
  | { readonly kind: 'suggested-times'; readonly from: string; readonly to: string }
  | { readonly kind: 'any-representative' };

const required = ['business-name', 'request-to-reply', 'person-name', 'call-back-number'] as const;
const optional = ['salutation', 'date-time', 'suggested-times', 'any-representative'] as const;

const patterns = {
  // A name is a name: no sentence, no number, nothing that could carry a message of its own.
  name: /^\p{L}[\p{L}\p{M} .'’&-]{0,59}$/u,
  number: /^\+?\d{3,15}$/,
  time: /^([01]\d|2[0-3]):[0-5]\d$/,
  dateTime: /^\d{4}-\d{2}-\d{2}( ([01]\d|2[0-3]):[0-5]\d)?$/,
} as const;

/**
 * The words of a limited-content message.
 * @throws Refusal TemplateInvalid for a part that is missing, doubled, unknown, or not what it should be.
 */
export function limitedMessage(parts: readonly LimitedPart[], language: Language): string {
  for (const kind of required) {
    if (parts.filter((part) => part.kind === kind).length !== 1) throw refusal(`has ${kind} exactly once`);
  }
  for (const kind of optional) {
    if (parts.filter((part) => part.kind === kind).length > 1) throw refusal(`has ${kind} once at most`);
  }
  return parts.map((part) => sentenceOf(part, language)).join(language === 'zh' ? '' : ' ');
}

function sentenceOf(part: LimitedPart, language: Language): string {
  const say = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  switch (part.kind) {
    case 'salutation':
      return say('您好。', 'Hello.');
    case 'business-name':
      return say(`这里是${fit(part.name, 'name')}。`, `This is ${fit(part.name, 'name')}.`);
    case 'person-name':
      return say(`我是${fit(part.name, 'name')}。`, `My name is ${fit(part.name, 'name')}.`);
    case 'request-to-reply':
      return say('请回电。', 'Please call back.');
    case 'call-back-number':
      return say(`电话${spelled(part.number)}。`, `The number is ${spelled(part.number)}.`);
    case 'date-time':
      return say(`现在是${fit(part.text, 'dateTime')}。`, `It is ${fit(part.text, 'dateTime')}.`);
    case 'suggested-times': {
      const [from, to] = [fit(part.from, 'time'), fit(part.to, 'time')];
      return say(`方便的时间是${from}至${to}。`, `A good time is between ${from} and ${to}.`);
    }
    case 'any-representative':
      return say('您可以与任何一位同事通话。', 'You may speak with any representative.');
    default:
      throw refusal(`has no part "${String((part as { kind: unknown }).kind)}"`);
  }
}

function fit(text: string, pattern: keyof typeof patterns): string {
  if (!patterns[pattern].test(text)) throw refusal(`has a ${pattern} that is none`);
  return text;
}

/** Digit by digit, so that a voice reads a number and not a sum. */
function spelled(number: string): string {
  return fit(number, 'number')
    .replace('+', '')
    .replace(/\d(?=\d)/g, '$& ');
}

function refusal(what: string): Refusal {
  return new Refusal('TemplateInvalid', `a limited-content message ${what}`);
}

import type { Path, Problem } from '../domain/problem';
import type { ContactRule } from '../domain/contact/rule';

/** What each rule says alone may be sound, and still cannot be kept: alone, or together with another rule of the pack. */
export function contradictionsOf(rules: readonly ContactRule[]): readonly Problem[] {
  return rules.flatMap((rule, index) => {
    const path: Path = ['rules', index];
    return [...ownContradictions(rule, path), ...rules.slice(0, index).flatMap((other) => between(other, rule, path))];
  });
}

function ownContradictions(rule: ContactRule, path: Path): readonly Problem[] {
  const { from, until } = rule;
  const never = from !== undefined && until !== undefined && until <= from;
  const problems = [...(never ? [['until', 'must lie after from'] as const] : []), ...ofKind(rule)];
  return problems.map(([key, reason]) => ({ path: [...path, key], reason }));
}

/** What the words of a kind do not say about one another: each with the word at which it is wrong. */
function ofKind(rule: ContactRule): readonly (readonly [string, string])[] {
  if (rule.kind === 'timeWindow' && rule.end <= rule.start) return [['end', 'must lie after start']];
  if (rule.kind === 'quietDays' && rule.days === undefined && rule.calendar === undefined) {
    return [['days', 'or calendar must be named']];
  }
  if (rule.kind === 'deadline' && (rule.withinDays === undefined) === (rule.withinWorkdays === undefined)) {
    return [['withinDays', 'or withinWorkdays must be named, one of them']];
  }
  if (rule.kind === 'contentForbid' && rule.tag === undefined && rule.text === undefined) {
    return [['text', 'or tag must be named']];
  }
  if (rule.kind === 'visit' && [rule.minStaff, rule.recording, rule.identityCard, rule.placeOrder].every(isNothing)) {
    return [['minStaff', 'or another term of a visit must be named']];
  }
  if (rule.kind === 'block' && typeof rule.once === 'object') {
    const stray = rule.once.filter((purpose) => rule.allowedPurposes?.includes(purpose) !== true);
    if (stray.length > 0) return [['once', `names what is not among allowedPurposes: ${stray.join(', ')}`]];
  }
  if (rule.kind === 'limitation' && (rule.yearsMax ?? Infinity) < rule.years) {
    return [['yearsMax', 'must not be below years']];
  }
  if (rule.kind === 'retention' && (rule.keepYearsMax ?? Infinity) < rule.keepYears) {
    return [['keepYearsMax', 'must not be below keepYears']];
  }
  if (rule.kind === 'retention' && rule.class === 'unknown-sender' && rule.clockStart !== 'made') {
    return [['clockStart', 'must be made: of an unknown sender nothing else is known']];
  }
  return [];
}

function isNothing(value: unknown): boolean {
  return value === undefined;
}

function between(first: ContactRule, second: ContactRule, path: Path): readonly Problem[] {
  if (first.id === second.id) return [{ path: [...path, 'id'], reason: `${second.id} is used twice` }];
  const shared = second.channels.filter((channel) => first.channels.includes(channel));
  if (shared.length === 0 || !canMeet(first, second)) return [];
  const never = `can never be kept together with ${first.id} (${shared.join(', ')})`;
  if (first.kind === 'timeWindow' && second.kind === 'timeWindow') {
    const days = (first.days ?? second.days ?? []).filter((day) => second.days?.includes(day) ?? true);
    const sameDays = days.length > 0 || (first.days === undefined && second.days === undefined);
    if (sameDays && (first.end <= second.start || second.end <= first.start)) {
      return [{ path: [...path, 'start'], reason: never }];
    }
  }
  const [required, forbidden] = first.kind === 'contentRequire' ? [first, second] : [second, first];
  if (required.kind === 'contentRequire' && forbidden.kind === 'contentForbid' && forbidden.tag === required.tag) {
    if (forbidden.while === undefined) return [{ path: [...path, 'tag'], reason: never }];
  }
  return [];
}

/** Whether there is a day, a purpose and a place for which both are asked. */
function canMeet(first: ContactRule, second: ContactRule): boolean {
  const inTime =
    (first.from === undefined || second.until === undefined || first.from < second.until) &&
    (second.from === undefined || first.until === undefined || second.from < first.until);
  return inTime && overlap(first.purposes, second.purposes) && overlap(first.places, second.places);
}

/** A list that is left out holds everything. */
function overlap<Item>(first: readonly Item[] | undefined, second: readonly Item[] | undefined): boolean {
  return first === undefined || second === undefined || first.some((one) => second.includes(one));
}

/** Rules of packs in force together by which a record must be kept longer than another allows, on the same clock. */
export function retentionConflicts(
  rules: readonly ContactRule[],
): readonly { readonly rule: ContactRule; readonly reason: string }[] {
  const kept = rules.filter((rule) => rule.kind === 'retention');
  return kept.flatMap((rule) =>
    kept
      .filter((other) => other.class === rule.class && other.clockStart === rule.clockStart && canMeet(other, rule))
      .filter(({ keepYearsMax = Infinity }) => rule.keepYears > keepYearsMax)
      .map(({ id, keepYearsMax = 0 }) => ({
        rule,
        reason: `${rule.id} keeps a ${rule.class} for ${rule.keepYears} years and ${id} for ${keepYearsMax} at most: adjust one of them`,
      })),
  );
}

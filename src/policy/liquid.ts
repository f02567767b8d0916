import { Liquid, LiquidError } from 'liquidjs';
import { Refusal } from '../domain/refusal';

// A text may tell cases apart and go through loans, nothing else: no files, no clock, no chance. What it says about a
// borrower then follows from the variables alone, and a published text means the same for ever.
const allowedTags = new Set(['if', 'unless', 'case', 'for', 'break', 'continue', 'comment', 'raw', 'assign', '#']);
const allowedFilters = new Set([
  'size',
  'first',
  'last',
  'join',
  'map',
  'plus',
  'minus',
  'strip',
  'upcase',
  'downcase',
]);

const engine = createEngine();

function createEngine(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: 20_000,
    renderLimit: 1_000,
    memoryLimit: 1_000_000,
  });
  for (const tag of Object.keys(liquid.tags)) if (!allowedTags.has(tag)) Reflect.deleteProperty(liquid.tags, tag);
  for (const filter of Object.keys(liquid.filters)) {
    if (!allowedFilters.has(filter)) Reflect.deleteProperty(liquid.filters, filter);
  }
  return liquid;
}

/** @throws Refusal `TemplateInvalid`, saying which variable is missing or what cannot be read. */
export function renderText(source: string, variables: object): string {
  return refusingLiquidErrors(() => String(engine.parseAndRenderSync(source, variables)).trim());
}

/**
 * Variables that the text names anywhere, also where these samples would not reach, as paths such as `['bank', 'name']`.
 * @throws Refusal `TemplateInvalid` when the text cannot be read.
 */
export function variablesOf(source: string): readonly (readonly unknown[])[] {
  return refusingLiquidErrors(() => engine.globalVariableSegmentsSync(source));
}

function refusingLiquidErrors<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (LiquidError.is(error)) throw new Refusal('TemplateInvalid', error.message);
    throw error;
  }
}

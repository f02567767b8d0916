/** One verb of TwiML with its attributes, its text and the verbs in it. */
export interface Verb {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly verbs: readonly Verb[];
}

/** The verbs of a TwiML document. Reads what Twilio's own builder writes: no comments, no CDATA, no mixed content. */
export function verbsOf(twiml: string): readonly Verb[] {
  const inner = /<Response>([^]*)<\/Response>/.exec(twiml)?.[1];
  return inner === undefined ? [] : verbsIn(inner);
}

function verbsIn(xml: string): readonly Verb[] {
  return [...xml.matchAll(/<(\w+)((?:\s+[\w:]+="[^"]*")*)\s*(?:\/>|>([^]*?)<\/\1>)/g)].map(
    ([, name = '', attributes = '', inner = '']) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value)]),
      ),
      text: inner.includes('<') ? '' : unescaped(inner),
      verbs: inner.includes('<') ? verbsIn(inner) : [],
    }),
  );
}

function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => names[name] ?? whole);
}

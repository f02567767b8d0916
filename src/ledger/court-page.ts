import type { CourtFile } from './court-file';
import { pageStyle } from './court-page-style';
import { words } from './court-page-words';
import { formatMoney } from '../domain/money';
import { sha256 } from './hashes';

/** The same file on paper: one page of HTML that needs nothing else, in the case's language. */
export function courtPage(file: CourtFile): string {
  const w = words[file.language];
  const sections = [
    section(w.contacts, file.contacts.map((contact) => contactCard(contact, w)).join('') || none(w)),
    section(w.decisions, decisionTable(file, w)),
    section(w.rules, ruleTable(file, w)),
    section(w.causes, causeTable(file, w)),
    section(w.promises, promiseTable(file, w)),
    section(
      w.timeline,
      table(
        [w.at, w.what, w.who, w.why],
        file.events.map((one) => [time(one.at), one.kind, one.actor, one.reason]),
      ),
    ),
    section(w.chains, file.chains.map((chain) => chainBlock(chain, w)).join('')),
    section(w.check, `<ol>${file.howToCheck.map((line) => `<li>${esc(line)}</li>`).join('')}</ol>`),
  ];
  return `<!doctype html>
<html lang="${file.language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<title>${esc(`${w.title} ${file.loan.loanId}`)}</title><style>${pageStyle}</style></head><body>
<header><h1>${w.title}</h1>
<dl><dt>${w.borrower}</dt><dd>${esc(file.borrower.name || w.purged)} (${esc(file.borrower.customerId)})</dd>
<dt>${w.loan}</dt><dd>${esc(file.loan.loanId)}, ${esc(file.loan.product)}, ${esc(file.loan.currency)}, ${file.loan.disbursedDay}</dd>
<dt>${w.madeAt}</dt><dd>${time(file.madeAt)}</dd>
<dt>${w.jsonHash}</dt><dd><code>${sha256(courtJson(file))}</code></dd></dl>
<p>${w.intro}</p></header>
${sections.join('\n')}
</body></html>
`;
}

/** The file as it is written: its SHA-256 stands on the printed page. */
export function courtJson(file: CourtFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

type Words = (typeof words)['en'];

function contactCard(contact: CourtFile['contacts'][number], w: Words): string {
  const facts = [
    [w.at, time(contact.at)],
    [w.channel, `${contact.channel} · ${contact.purpose}`],
    [w.to, contact.to ?? w.purged],
    [w.template, [contact.template, contact.language].filter((part) => part !== null).join(' · ') || '–'],
    [w.outcome, [contact.state, contact.outcome, contact.providerId].filter((part) => part !== null).join(' · ')],
    [w.madeBy, contact.madeBy],
    [w.allowedBy, contact.rules.join(', ') || '–'],
    [w.packs, packsLine(contact.packs)],
    [w.textHash, contact.contentHash ?? '–'],
  ];
  const list = facts.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${esc(value)}</dd>`).join('');
  const subject = contact.subject === null ? '' : `<p class="subject">${esc(contact.subject)}</p>`;
  return `<article><h3>${time(contact.at)} · ${esc(contact.channel)}</h3><blockquote>${subject}<pre>${esc(
    contact.text ?? w.noText,
  )}</pre></blockquote><dl>${list}</dl></article>`;
}

function decisionTable({ decisions }: CourtFile, w: Words): string {
  if (decisions.length === 0) return none(w);
  const rows = decisions.map((one) => [
    time(one.at),
    `${one.channel} · ${one.purpose}`,
    one.until === null ? w.denied : `${w.deferred} ${time(one.until)}`,
    one.rules.join(', '),
    packsLine(one.packs),
  ]);
  return table([w.at, w.what, w.answer, w.rules, w.packs], rows);
}

function causeTable({ causes }: CourtFile, w: Words): string {
  if (causes.length === 0) return none(w);
  const rows = causes.map((one) => [
    time(one.heardAt),
    one.code,
    one.fromDay,
    one.endedDay ?? '–',
    one.source,
    one.actor,
  ]);
  return table([w.at, w.why, w.from, w.until, w.source, w.who], rows);
}

function promiseTable({ promises, loan }: CourtFile, w: Words): string {
  if (promises.length === 0) return none(w);
  const rows = promises.map((one) => [
    time(one.givenAt),
    one.parts
      .map(({ dueDay, amountMinor }) => `${dueDay}: ${formatMoney(amountMinor, loan.currency, 'en')}`)
      .join('; '),
    one.source,
    one.actor,
    one.cancelledDay ?? '–',
  ]);
  return table([w.at, w.promised, w.source, w.who, w.cancelled], rows);
}

function ruleTable({ rules }: CourtFile, w: Words): string {
  if (rules.length === 0) return none(w);
  const rows = rules.map((rule) => [
    rule.id,
    rule.why,
    rule.source ?? '–',
    `${rule.pack} ${rule.version}`,
    rule.confidence ?? '–',
  ]);
  return table([w.rules, w.why, w.source, w.packs, w.confidence], rows, 'rules');
}

function chainBlock({ customerId, loanId, caseNo, entries, covered }: CourtFile['chains'][number], w: Words): string {
  const name = loanId === '' ? `${w.ofPerson} ${customerId}` : `${w.ofCase} ${loanId} / ${caseNo}`;
  const rows = entries.map((entry) => [String(entry.seq), time(entry.recordedAt), entry.what, entry.hash]);
  const anchor =
    covered === null
      ? `<p>${w.notCovered}</p>`
      : `<p>${w.coveredTo} ${covered.leaf.seq} · ${w.anchor} ${covered.anchor.day}<br><code>${covered.anchor.hash}</code></p>`;
  return `<h3>${esc(name)}</h3>${anchor}${table(['#', w.recordedAt, w.what, 'SHA-256'], rows, 'hashes')}`;
}

function packsLine(packs: unknown): string {
  if (!Array.isArray(packs)) return '–';
  const lines = (packs as { id?: string; version?: string; contentHash?: string }[]).map(
    ({ id = '', version = '', contentHash = '' }) => `${id} ${version} (${contentHash.slice(0, 12)})`,
  );
  return lines.join(', ') || '–';
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], name = ''): string {
  const cells = (row: readonly string[]): string => row.map((cell) => `<td>${esc(cell)}</td>`).join('');
  const heads = head.map((cell) => `<th>${esc(cell)}</th>`).join('');
  const lines = rows.map((row) => `<tr>${cells(row)}</tr>`).join('');
  return `<table class="${name}"><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table>`;
}

function none(w: Words): string {
  return `<p>${w.none}</p>`;
}

/** UTC to the second: a court compares it with the provider's records. */
function time(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function esc(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

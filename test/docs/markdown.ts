/** What stands under a heading, up to the next one of its level or above. Headings inside code do not count. */
export function sectionOf(page: string, heading: string): string {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start < 0) throw new Error(`no heading "${heading}"`);
  const level = (lines[start] ?? '').indexOf(' ');
  const end = headingsIn(lines).find(({ at, depth }) => at > start && depth <= level)?.at ?? lines.length;
  return lines.slice(start + 1, end).join('\n');
}

/** The page's headings with their depth, in order. */
export function headingsIn(lines: readonly string[]): { at: number; depth: number; text: string }[] {
  let inCode = false;
  return lines.flatMap((line, at) => {
    if (line.startsWith('```')) inCode = !inCode;
    const match = inCode ? null : /^(#+) (.*)$/.exec(line);
    return match === null ? [] : [{ at, depth: match[1]?.length ?? 0, text: match[2] ?? '' }];
  });
}

/** The cells of the first table, row by row, without its head. */
export function tableOf(section: string): string[][] {
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  if (rows.length < 3) throw new Error('no table here');
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The fenced blocks of code in a language. */
export function codeIn(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);
}

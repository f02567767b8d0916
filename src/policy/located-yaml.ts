import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Path, pathText } from '../domain/problem';

/** A text with the name by which its reader knows it. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** What is wrong, and exactly where: lines and columns count from 1. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Empty for a problem of the whole file. */
  readonly path: string;
  readonly reason: string;
}

export interface LocatedYaml {
  /** Null when the text is not YAML. */
  readonly value: unknown;
  /** Why the text is not YAML as it is used here. */
  readonly problems: readonly FileProblem[];
  /** A problem at a place of the document; what is missing is reported at the thing that lacks it. */
  problemAt(path: Path, reason: string): FileProblem;
}

/** `policies/retail.yaml:14:7 stages.reminder.steps[2].sms: no template "first-remindr"` */
export function formatProblem({ file, line, column, path, reason }: FileProblem): string {
  return `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}: ${reason}`;
}

/** Reads YAML 1.2 and remembers the line of every part. JSON is YAML. Keys that come twice and aliases are refused. */
export function readLocatedYaml({ file, text }: SourceFile): LocatedYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
  const problemAtOffset = (offset: number, path: Path, reason: string): FileProblem => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col, path: pathText(path), reason };
  };
  const problems = [...document.errors, ...document.warnings].map(({ pos, message }) =>
    problemAtOffset(pos[0], [], sentence(message)),
  );
  // A rule book is read from top to bottom: what it says must stand where it applies.
  visit(document, {
    Alias: (_key, alias) => void problems.push(problemAtOffset(alias.range?.[0] ?? 0, [], 'aliases are not used here')),
  });
  return {
    value: problems.length > 0 ? null : document.toJS(),
    problems,
    problemAt: (path, reason) => problemAtOffset(offsetOf(document.contents, path), path, reason),
  };
}

function offsetOf(contents: Node | null, path: Path): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (pair === undefined) return offset;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(part)] as Node | undefined;
      offset = item?.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}

function sentence(message: string): string {
  return (message.split('\n')[0] ?? message).trim();
}

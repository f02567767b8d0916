import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A row of the widest kind needs less than a thousandth of it. */
export const lineCharsMax = 65_536;

/** Lines that arrived together. A line over the limit is null: it is counted, not kept. */
export interface LineBlock {
  readonly firstLine: number;
  readonly lines: readonly (string | null)[];
}

/**
 * The lines of a UTF-8 stream without their ends (LF or CRLF), one block per chunk of bytes, so that a file of any size needs
 * the memory of one chunk and one line. A byte order mark is dropped.
 */
export async function* lineBlocks(stream: Readable): AsyncGenerator<LineBlock> {
  const decoder = new StringDecoder('utf8');
  const cutter = lineCutter();
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    yield cutter.cut(typeof chunk === 'string' ? chunk : decoder.write(chunk), false);
  }
  yield cutter.cut(decoder.end(), true);
}

function lineCutter(): { cut: (text: string, atEnd: boolean) => LineBlock } {
  let rest = '';
  let tooLong = false;
  let nextLine = 1;
  let atStart = true;
  return {
    cut(text, atEnd) {
      const lines: (string | null)[] = (rest + text).split('\n');
      if (atStart && lines[0] !== '') {
        lines[0] = lines[0]?.replace(/^\uFEFF/, '') ?? null;
        atStart = false;
      }
      if (tooLong) lines[0] = null;
      const last = lines.pop() ?? null;
      tooLong = last === null || last.length > lineCharsMax;
      rest = tooLong ? '' : (last ?? '');
      if (atEnd && last !== '') lines.push(tooLong ? null : last);
      const firstLine = nextLine;
      nextLine += lines.length;
      return { firstLine, lines: lines.map(withoutEnd) };
    },
  };
}

function withoutEnd(line: string | null): string | null {
  if (line === null || line.length > lineCharsMax) return null;
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

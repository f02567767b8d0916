import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileProblem, SourceFile } from './located-yaml';

/** Where the templates of a policy file lie. */
export function messagesDirectory(policyPath: string): string {
  return join(dirname(policyPath), 'messages');
}

export async function readSource(path: string): Promise<SourceFile | { readonly problem: FileProblem }> {
  try {
    return { file: path, text: await readFile(path, 'utf8') };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { problem: { file: path, line: 1, column: 1, path: '', reason: `cannot be read (${code})` } };
  }
}

/** Templates by name, which is the name of their file without `.yaml`. A directory that is not there holds none. */
export async function readMessages(directory: string): Promise<ReadonlyMap<string, SourceFile>> {
  const messages = new Map<string, SourceFile>();
  for (const entry of (await filesIn(directory)).sort()) {
    if (!entry.endsWith('.yaml')) continue;
    const file = join(directory, entry);
    messages.set(basename(entry, '.yaml'), { file, text: await readFile(file, 'utf8') });
  }
  return messages;
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

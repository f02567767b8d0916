import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { temporal } from '@temporalio/proto';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { projectRoot } from '../../src/project-root';

type History = temporal.api.history.v1.IHistory;

/** Runs kept from this and earlier releases, one file per run. */
export const historiesFolder = path.join(projectRoot, 'test', 'replay', 'histories');

export interface KeptHistory {
  readonly workflowId: string;
  readonly history: { readonly events: readonly { readonly eventType: string }[] };
}

export function keptHistories(): KeptHistory[] {
  return readdirSync(historiesFolder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      workflowId: `replay/${path.basename(file, '.json')}`,
      history: JSON.parse(readFileSync(path.join(historiesFolder, file), 'utf8')) as KeptHistory['history'],
    }));
}

/** One line per event, so that a difference can be read; without the names of the machine that recorded it. */
export function keepHistory(name: string, history: History): void {
  const { events } = JSON.parse(historyToJSON(history)) as { events: unknown[] };
  const lines = events.map((event) => JSON.stringify(event).replace(/\d+@[\w.-]+/g, 'recorder'));
  writeFileSync(path.join(historiesFolder, `${name}.json`), `{"events":[\n${lines.join(',\n')}\n]}\n`);
}

/** Every text in the history, with payloads decoded. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if ('metadata' in value && 'data' in value && typeof value.data === 'string') {
    return [Buffer.from(value.data, 'base64').toString('utf8')];
  }
  return Object.values(value).flatMap(textsOf);
}

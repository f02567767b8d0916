import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { type History, historyFromJson, historyToJson } from './history-json';

/** Runs kept from this and earlier releases, one file per run. */
export const historiesFolder = path.join(projectRoot, 'test', 'replay', 'histories');

export interface KeptHistory {
  readonly workflowId: string;
  readonly history: History;
  readonly events: readonly { readonly eventType: string }[];
}

export function keptHistories(): KeptHistory[] {
  const files = readdirSync(historiesFolder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const json = JSON.parse(readFileSync(path.join(historiesFolder, file), 'utf8')) as Pick<KeptHistory, 'events'>;
    const workflowId = `replay/${path.basename(file, '.json')}`;
    return { workflowId, history: historyFromJson(json), events: json.events };
  });
}

/** One line per event, so that a difference can be read; without the name of the machine that recorded it. */
export function keepHistory(name: string, history: History): void {
  const lines = historyToJson(history).events.map((event) => JSON.stringify(event).replace(/\d+@[\w.-]+/g, 'recorder'));
  writeFileSync(path.join(historiesFolder, `${name}.json`), `{"events":[\n${lines.join(',\n')}\n]}\n`);
}

/** Every text in a history as JSON, with payloads decoded. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if ('metadata' in value && 'data' in value && typeof value.data === 'string') {
    return [Buffer.from(value.data, 'base64').toString('utf8')];
  }
  return Object.values(value).flatMap(textsOf);
}

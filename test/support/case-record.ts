import { listEvents, type StoredEvent } from '../../src/store/timeline';
import { getLatestCase } from '../../src/store/cases';
import type { StoredCase } from '../../src/store/case-row';
import type { CaseService } from './case-service';

/** The timeline of a loan, all its cases, as a reader of the file sees it. */
export async function timelineOf({ desk }: CaseService, loanId: string): Promise<StoredEvent[]> {
  return (await listEvents(desk.pool, loanId, null, 500)).items.slice();
}

/** The timeline as short lines: `kind step-or-stage`. */
export async function storyOf(service: CaseService, loanId: string): Promise<string[]> {
  return (await timelineOf(service, loanId)).map(({ kind, data }) => {
    const about = data['step'] ?? data['to'] ?? data['why'] ?? data['kind'];
    return typeof about === 'string' ? `${kind} ${about}` : kind;
  });
}

export async function caseOf({ desk }: CaseService, loanId: string): Promise<StoredCase> {
  const found = await getLatestCase(desk.pool, loanId);
  if (found === null) throw new Error(`loan ${loanId} has no case`);
  return found;
}

/** Waits until what the running workflow does has led to the wished state; fails with the last thing seen. */
export async function eventually<T>(look: () => Promise<T>, isSo: (seen: T) => boolean, limitMs = 20_000): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > endMs) throw new Error(`it did not come about; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

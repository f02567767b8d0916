import { reachMilestone } from '../../src/cases/keep-contact-facts';
import type { CaseService } from './case-service';
import { caseOf } from './case-record';

/** The post's receipt of a letter of demand is put on file. */
export async function demandArrived(service: CaseService, loanId: string): Promise<void> {
  const { customerId } = await caseOf(service, loanId);
  const known = { customerId, loanId, evidence: 'receipt of the post', actor: 'post-desk' };
  await reachMilestone(service.desk, { ...known, event: 'demand-delivered', atMs: await service.desk.clock.nowMs() });
}

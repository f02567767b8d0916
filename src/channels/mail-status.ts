/** What a delivery report means for the message and for the address. */
export type ReportMeaning = 'bad-address' | 'policy' | 'gave-up' | 'delayed' | 'delivered' | 'nothing';

/**
 * Reads action and status of RFC 3464. 5.x.x is the address's fault but for 5.7.x, which is a policy of the other side;
 * 4.x.x is nobody's fault: a delay, or a message that was given up after days of trying.
 */
export function meaningOfReport(action: string, status: string): ReportMeaning {
  if (action === 'delayed') return 'delayed';
  if (action === 'delivered') return 'delivered';
  // Handed to somebody who sends no reports, or to a list: nobody knows whether it was read.
  if (action !== 'failed') return 'nothing';
  if (status.startsWith('4.')) return 'gave-up';
  if (status.startsWith('5.7.')) return 'policy';
  // Our own text or its size, and the mail system as such, say nothing about the mailbox.
  if (/^5\.(3\.4|5\.|6\.)/.test(status)) return 'policy';
  return status.startsWith('5.') ? 'bad-address' : 'gave-up';
}

import { type Role, roles } from '../config';

/** Which role may do what. Roles that a policy names (who approves legal means) are checked where it is applied. */
export const access = {
  readCases: roles,
  /** Names, numbers, addresses, and the text of messages. */
  readPeople: ['system', 'supervisor', 'collector', 'legal'],
  /** The bank's mail system hands in what came back by e-mail. */
  handInMail: ['system'],
  writeFacts: ['system', 'operator'],
  /** Flags, grants, inconvenient times, notices: whoever hears of them writes them down. */
  keepContactFacts: ['system', 'operator', 'collector', 'supervisor', 'legal'],
  openCases: ['system', 'supervisor', 'operator'],
  supervise: ['supervisor'],
  /** Whoever speaks with the borrower may say what an arrangement would come to. */
  previewArrangements: ['collector', 'supervisor', 'legal'],
  /** Of the borrower, by whoever speaks with them. */
  takePromises: ['system', 'collector', 'supervisor', 'legal'],
  askWaivers: ['collector', 'supervisor'],
  workTasks: ['collector', 'supervisor', 'legal'],
  /** Contacts that were made elsewhere: by hand, or by an agency whose system tells. */
  reportContacts: ['system', 'collector', 'supervisor', 'legal'],
  /** The link to what was said; each look is on record. */
  hearRecordings: ['supervisor', 'legal'],
  handToLegal: ['collector', 'supervisor', 'legal'],
  /** Write-offs and sales; who agrees to them is the policy's to say. */
  proposeEndings: ['collector', 'supervisor', 'legal'],
  /** Sums over all loans, for those who answer for the portfolio. */
  readBook: ['supervisor', 'analyst'],
  publishPolicies: ['supervisor', 'analyst'],
  /** Which of them the policy asks for is checked where it is applied. */
  decideApprovals: ['supervisor', 'legal', 'analyst', 'operator'],
  operate: ['operator'],
  holdRecords: ['legal', 'supervisor'],
  answerDataRequests: ['legal', 'supervisor'],
} as const satisfies Record<string, readonly Role[]>;

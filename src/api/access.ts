import { type Role, roles } from '../config';

/** Which role may do what. Roles that a policy names (who approves legal means) are checked where it is applied. */
export const access = {
  readCases: roles,
  /** Names, numbers, addresses, and the text of messages. */
  readPeople: ['system', 'supervisor', 'collector', 'legal'],
  /** The bank's mail system hands in what came back by e-mail. */
  handInMail: ['system'],
  writeFacts: ['system', 'operator'],
  openCases: ['system', 'supervisor', 'operator'],
  supervise: ['supervisor'],
  workTasks: ['collector', 'supervisor', 'legal'],
  handToLegal: ['collector', 'supervisor', 'legal'],
  publishPolicies: ['supervisor', 'analyst'],
  operate: ['operator'],
} as const satisfies Record<string, readonly Role[]>;

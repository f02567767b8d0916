import { type Role, roles } from '../config';

/** Which role may do what. Roles that a policy names (who approves legal means) are checked where it is applied. */
export const access = {
  readCases: roles,
  /** Names, numbers, addresses, and the text of messages. */
  readPeople: ['system', 'supervisor', 'collector', 'legal'],
  writeFacts: ['system', 'operator'],
  openCases: ['system', 'supervisor', 'operator'],
  supervise: ['supervisor'],
  workTasks: ['collector', 'supervisor', 'legal'],
  handToLegal: ['collector', 'supervisor', 'legal'],
  publishPolicies: ['supervisor', 'analyst'],
  operate: ['operator'],
  holdRecords: ['legal', 'supervisor'],
  answerDataRequests: ['legal', 'supervisor'],
} as const satisfies Record<string, readonly Role[]>;

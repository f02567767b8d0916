/** What a second person has to agree to before it counts, a closed list. */
export const approvalKinds = ['arrangement', 'waiver', 'write-off', 'write-off-undo', 'sale'] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

export const approvalStates = ['waiting', 'approved', 'rejected'] as const;
export type ApprovalState = (typeof approvalStates)[number];

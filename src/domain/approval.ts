/** What a second person has to agree to before it counts, a closed list. */
export const approvalKinds = ['arrangement', 'waiver', 'write-off', 'write-off-undo', 'sale'] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

/** Those of what nobody can take back: it waits until somebody decides. */
export const decisionStates = ['waiting', 'approved', 'rejected'] as const;
export const approvalStates = [...decisionStates, 'withdrawn'] as const;

/** Who asks, and what the bank lets them do. */
export interface Actor {
  readonly name: string;
  readonly roles: readonly string[];
}

/** Who acts when nobody is asked: the published policy. Four eyes take it for one pair. */
export const policyActor = 'policy';

/** Who asks, and what the bank lets them do. */
export interface Actor {
  readonly name: string;
  readonly roles: readonly string[];
}

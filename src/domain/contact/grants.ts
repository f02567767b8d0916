import type { Grant, GrantKind } from './consent';
import type { Situation } from './situation';

/** Grants of a kind for the situation's channel and contact point that were given by then and are not withdrawn. */
export function grantsOf(situation: Situation, grant: GrantKind, atMs: number): readonly Grant[] {
  const { channel, contactPoint, grants } = situation;
  return grants.filter(
    (one) =>
      one.grant === grant &&
      (one.channel === null || one.channel === channel) &&
      (one.contactPoint === null || one.contactPoint === contactPoint?.value) &&
      isActive(one, atMs),
  );
}

export function activeGrant(situation: Situation, grant: GrantKind, atMs: number): boolean {
  return grantsOf(situation, grant, atMs).length > 0;
}

export function isActive({ atMs: givenMs, untilMs }: Grant, atMs: number): boolean {
  return givenMs <= atMs && (untilMs === null || atMs < untilMs);
}

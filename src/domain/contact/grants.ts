import type { Grant, GrantKind } from './consent';
import type { Situation } from './situation';

/** Grants of a kind by the situation's person, for its channel and contact point that were given by then and are not withdrawn. */
export function grantsOf(situation: Situation, grant: GrantKind, atMs: number): readonly Grant[] {
  const { channel, contactPoint, grants, party } = situation;
  return grants.filter(
    (one) =>
      one.grant === grant &&
      isGivenBy(one, party.partyId) &&
      (one.channel === null || one.channel === channel) &&
      (one.contactPoint === null || one.contactPoint === contactPoint?.value) &&
      isActive(one, atMs),
  );
}

export function activeGrant(situation: Situation, grant: GrantKind, atMs: number): boolean {
  return grantsOf(situation, grant, atMs).length > 0;
}

/** What one person allowed is no leave to contact another. */
export function isGivenBy({ partyId = null }: Grant, personId: string | null): boolean {
  return partyId === personId;
}

export function isActive({ atMs: givenMs, untilMs }: Grant, atMs: number): boolean {
  return givenMs <= atMs && (untilMs === null || atMs < untilMs);
}

import type { Policy } from '../domain/policy';
import { withSections } from '../domain/policy-defaults';
import { Refusal } from '../domain/refusal';
import type { Templates } from './message-template';
import { contentHash } from './stable-json';

/** What is published under a policy's id and version, as one JSON value: the rules and every text they use. */
export interface PolicyDocument {
  /** Grows when the shape changes in a way that an older reader would misunderstand. */
  readonly format: 1;
  readonly policy: Policy;
  readonly templates: Templates;
}

/** Pins the policy together with the templates it uses; others are left out. */
export function policyDocument(policy: Policy, templates: Templates): PolicyDocument {
  const used = templatesUsed(policy);
  return {
    format: 1,
    policy,
    templates: Object.fromEntries(Object.entries(templates).filter(([name]) => used.has(name))),
  };
}

/**
 * Reads a stored document. Its hash proves that it is what was checked and published, so it is not checked again.
 * Sections that the publishing release did not know are filled in.
 * @throws Refusal `PolicyInvalid` when it is not what the hash says, or of a format that this release does not know.
 */
export function openPolicyDocument(stored: unknown, hash: string): PolicyDocument {
  if (contentHash(stored) !== hash)
    throw new Refusal('PolicyInvalid', 'the stored policy is not the one that was published');
  const document = stored as PolicyDocument;
  // Typed as 1, but a newer release may have written it.
  const format: number = document.format;
  if (format !== 1) throw new Refusal('PolicyInvalid', `the stored policy has format ${format}, this release knows 1`);
  return { ...document, policy: withSections(document.policy) };
}

function templatesUsed(policy: Policy): ReadonlySet<string> {
  const ofTiers = Object.values(policy.courses).flatMap((course) => course.flatMap((stage) => stage.steps));
  const steps = [...ofTiers, ...(policy.ownCourses ?? []).flatMap((course) => course.steps)];
  const ofSteps = steps.flatMap(({ action }) => (action.kind === 'contact' ? [action.template] : []));
  const { remind } = policy.promises ?? {};
  return new Set(remind === undefined ? ofSteps : [...ofSteps, remind.template]);
}

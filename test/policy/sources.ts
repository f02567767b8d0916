import { readFileSync } from 'node:fs';
import { checkPolicy } from '../../src/policy/check';
import { checkPack, type HashedPack } from '../../src/policy/contact-pack';
import { formatProblem, type SourceFile } from '../../src/policy/located-yaml';

/** A policy as short as can be; `first` is a template of `messages`. */
export const shortPolicy = `policy: short
version: '1'
currency: CNY
timezone: Asia/Shanghai
workdays: CN
languages: [zh, en]
contactAt: '10:00'
grace: { days: 0, tolerance: 1000 }
allocation: { by: instalment, components: [penalty, fee, interest, principal] }
limits: { extensionDaysMax: 90, instalmentsMax: 60 }
stages:
  reminder:
    from: 1
    steps:
      - { on: 1, sms: first-reminder }
      - { on: 7, task: call, within: 2 working days }
  team:
    from: 30
    steps:
      - { on: 30, email: follow-up-offer }
      - { on: 40, task: visit, within: 5 working days, offers: [arrangement] }
  legal:
    from: 90
    requires: { contacts: 3, channels: [sms, email, call], visits: 1, offered: [arrangement] }
    approval: legal
outcomes:
  refused: { escalate: team }
`;

/** The short policy with one part of its text replaced. */
export function insteadOf(part: string, other: string): string {
  if (!shortPolicy.includes(part)) throw new Error(`not in the policy: ${part}`);
  return shortPolicy.replace(part, other);
}

/** A template as short as can be. */
export const shortMessage = `purpose: reminder
tags: [INSTITUTION_ID, OPT_OUT]
sms:
  zh: '【{{ bank.name }}】应还{{ total }}。回复TD退订'
  en: '{{ bank.name }}: {{ total }} is due. Reply STOP to opt out.'
`;

const names = [
  'due-soon',
  'first-reminder',
  'second-reminder',
  'follow-up-offer',
  'team-notice',
  'legal-notice-ahead',
  'care-options',
  'care-check-in',
  'promise-reminder',
];

/** The templates that the repository ships. */
export const shippedMessages: ReadonlyMap<string, SourceFile> = new Map(
  names.map((name) => {
    const file = `policies/messages/${name}.yaml`;
    return [name, { file, text: readFileSync(file, 'utf8') }];
  }),
);

/** A pack that the repository ships. */
export function shippedPack(name: string): HashedPack {
  const file = `policies/packs/${name}.yaml`;
  const { pack, problems } = checkPack({ file, text: readFileSync(file, 'utf8') });
  if (pack === null) throw new Error(problems.map(formatProblem).join('\n'));
  return pack;
}

/** The rules of content of the packs that are in force where nobody says otherwise. */
export const shippedRules = { packs: [shippedPack('house'), shippedPack('cn')], day: '2026-11-24' };

/** The problems of a policy text, formatted, with the shipped templates or others beside it. */
export function problemsOfPolicy(text: string, messages = shippedMessages): readonly string[] {
  return checkPolicy({ file: 'p.yaml', text }, messages, shippedRules).problems.map(formatProblem);
}

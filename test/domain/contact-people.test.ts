import { describe, expect, it } from '@jest/globals';
import type { RuleOf } from '../../src/domain/contact/rule';
import {
  answer,
  call,
  type Case,
  everyChannel,
  flag,
  grant,
  hours,
  judge,
  made,
  optOut,
  point,
} from './contact-samples';

const at = '2026-03-02T12:00:00+08:00';
const why = 'A sample.';
const blockOf = (changes: Partial<RuleOf<'block'>>): RuleOf<'block'> => ({
  ...{ id: 'BLOCK', kind: 'block', channels: everyChannel, flags: ['cease'], why },
  ...changes,
});

describe('a flag on record', () => {
  const since = '2026-03-01T00:00:00+08:00';
  it.each<[string, Partial<RuleOf<'block'>>, Omit<Case, 'rules' | 'at'>, string]>([
    ['stops contacts', {}, { flags: [flag('cease', since)] }, 'deny'],
    ['of another name stops nothing', {}, { flags: [flag('vulnerable', since)] }, 'allow'],
    ['that begins tomorrow stops nothing today', {}, { flags: [flag('cease', '2026-03-03T00:00:00+08:00')] }, 'allow'],
    ['that ended stops nothing', {}, { flags: [flag('cease', since, at)] }, 'allow'],
    [
      'with an end is waited for',
      {},
      { flags: [flag('cease', since, '2026-03-05T00:00:00+08:00')] },
      '2026-03-04T16:00:00.000Z',
    ],
    ['about another loan stops nothing', {}, { flags: [flag('cease', since, null, { loanId: 'L-2' })] }, 'allow'],
    [
      'about one of several loans stops them',
      {},
      { loanIds: ['L-1', 'L-2'], flags: [flag('cease', since, null, { loanId: 'L-2' })] },
      'deny',
    ],
    ['about somebody else stops nothing', {}, { flags: [flag('cease', since, null, { partyId: 'G' })] }, 'allow'],
    [
      'lets what the law asks for pass',
      { allowedPurposes: ['legally-required'] },
      { purpose: 'legally-required', flags: [flag('cease', since)] },
      'allow',
    ],
    [
      'lets a last message pass',
      { allowedPurposes: ['terminate'], once: true },
      { purpose: 'terminate', flags: [flag('cease', since)] },
      'allow',
    ],
    [
      'lets it pass once',
      { allowedPurposes: ['terminate'], once: true },
      {
        purpose: 'terminate',
        flags: [flag('cease', since)],
        ledger: [made('2026-03-01T12:00:00+08:00', 'sms', 'placed', { purpose: 'terminate' })],
      },
      'deny',
    ],
    [
      'lets what another law asks for pass again and again, where the list of once leaves it out',
      { allowedPurposes: ['terminate', 'legally-required'], once: ['terminate'] },
      {
        purpose: 'legally-required',
        flags: [flag('cease', since)],
        ledger: [made('2026-03-01T12:00:00+08:00', 'sms', 'placed', { purpose: 'legally-required' })],
      },
      'allow',
    ],
    [
      'lets what the list of once names pass once',
      { allowedPurposes: ['terminate', 'legally-required'], once: ['terminate'] },
      {
        purpose: 'terminate',
        flags: [flag('cease', since)],
        ledger: [made('2026-03-01T12:00:00+08:00', 'sms', 'placed', { purpose: 'terminate' })],
      },
      'deny',
    ],
    [
      'does not count what came before it',
      { allowedPurposes: ['terminate'], once: true },
      {
        purpose: 'terminate',
        flags: [flag('cease', since)],
        ledger: [made('2026-02-01T12:00:00+08:00', 'sms', 'placed', { purpose: 'terminate' })],
      },
      'allow',
    ],
    [
      'of a lawyer leaves the lawyer open',
      { flags: ['represented'], exceptRoles: ['attorney'] },
      { party: { partyId: 'A', role: 'attorney' }, flags: [flag('represented', since)] },
      'allow',
    ],
    [
      'of a lawyer closes the person',
      { flags: ['represented'], exceptRoles: ['attorney'] },
      { flags: [flag('represented', since)] },
      'deny',
    ],
    [
      'of death leaves the executor open',
      { flags: ['deceased'], exceptRoles: ['executor'] },
      { party: { partyId: 'E', role: 'executor' }, flags: [flag('deceased', since)] },
      'allow',
    ],
    [
      'without an end lasts sixty days where the rule says so',
      { flags: ['moratorium'], lastsDays: 60 },
      { flags: [flag('moratorium', since)] },
      '2026-04-29T16:00:00.000Z',
    ],
    [
      'of a mental-health crisis goes on thirty days after it',
      { flags: ['mental-health-moratorium'], afterEndDays: 30 },
      { flags: [flag('mental-health-moratorium', since, '2026-03-02T00:00:00+08:00')] },
      '2026-03-31T16:00:00.000Z',
    ],
    [
      'of a crisis without an end has none',
      { flags: ['mental-health-moratorium'], afterEndDays: 30 },
      { flags: [flag('mental-health-moratorium', since)] },
      'deny',
    ],
    [
      'said by mouth lapses',
      { flags: ['no-work-contact'], lastsDays: 10, unlessConfirmed: true },
      { flags: [flag('no-work-contact', since)] },
      '2026-03-10T16:00:00.000Z',
    ],
    [
      'said in writing does not',
      { flags: ['no-work-contact'], lastsDays: 10, unlessConfirmed: true },
      { flags: [flag('no-work-contact', since, null, { confirmed: true })] },
      'deny',
    ],
    [
      'about work stops no call at home',
      { flags: ['no-work-contact'], places: ['work'] },
      { contactPoint: point({ place: 'home' }), flags: [flag('no-work-contact', since)] },
      'deny by silence',
    ],
    [
      'about work stops calls at work',
      { flags: ['no-work-contact'], places: ['work'] },
      { contactPoint: point({ place: 'work' }), flags: [flag('no-work-contact', since)] },
      'deny',
    ],
  ])('%s', (_rule, changes, asked, expected) => {
    const verdict = judge({ at, rules: [blockOf(changes)], ...asked });
    // No other rule stands beside it, so a rule that is not asked leaves the channel without any.
    const isSilent = verdict.kind === 'deny' && verdict.rules.length === 0;
    expect(isSilent ? 'deny by silence' : answer({ at, rules: [blockOf(changes)], ...asked })).toBe(expected);
  });
});

describe('an opt-out', () => {
  const optOuts = [{ channel: 'sms', contactPoint: null, atMs: Date.parse('2026-03-01T12:00:00+08:00') }] as const;

  it('closes its channel for good and no other', () => {
    expect(judge({ at, optOuts, rules: [optOut] })).toMatchObject({ kind: 'deny', rules: ['OPT-OUT'] });
    expect(answer({ at, optOuts, channel: 'email', rules: [optOut] })).toBe('allow');
  });

  it('of one number leaves other numbers open, and closes where nobody knows which is used', () => {
    const ofNumber = [{ ...optOuts[0], contactPoint: '+12025550123' }];
    expect(answer({ at, optOuts: ofNumber, contactPoint: point(), rules: [optOut] })).toBe('deny');
    expect(answer({ at, optOuts: ofNumber, contactPoint: point({ value: '+12025550199' }), rules: [optOut] })).toBe(
      'allow',
    );
    expect(answer({ at, optOuts: ofNumber, rules: [optOut] })).toBe('deny');
  });

  it('is confirmed once, within five minutes, and not without one', () => {
    const rule: RuleOf<'confirmation'> = {
      ...{ id: 'CONFIRM', kind: 'confirmation', channels: ['sms'], purposes: ['opt-out-confirm'], why },
      ...{ after: 'opt-out', withinMinutes: 5, max: 1 },
    };
    const rules = [rule, { ...optOut, allowedPurposes: ['opt-out-confirm' as const] }];
    const purpose = 'opt-out-confirm';
    const ask = (when: string, changes: Omit<Case, 'rules' | 'at'> = {}) =>
      answer({ at: when, rules, purpose, optOuts, ...changes });
    expect(ask('2026-03-01T12:05:00+08:00')).toBe('allow');
    expect(ask('2026-03-01T12:05:01+08:00')).toBe('deny');
    expect(
      ask('2026-03-01T12:04:00+08:00', { ledger: [made('2026-03-01T12:01:00+08:00', 'sms', 'placed', { purpose })] }),
    ).toBe('deny');
    expect(ask('2026-03-01T12:04:00+08:00', { optOuts: [] })).toBe('deny');
  });
});

describe('other people', () => {
  const rule: RuleOf<'partyAllowList'> = {
    ...{ id: 'PARTIES', kind: 'partyAllowList', channels: everyChannel, why },
    parties: {
      borrower: { purposes: 'any', mayDiscloseDebt: true },
      contact: { purposes: ['location-info'], mayDiscloseDebt: false, needs: ['lost-contact'], maxContacts: 1 },
    },
  };
  const contact = { party: { partyId: 'F', role: 'contact' }, purpose: 'location-info', disclosesDebt: false } as const;
  const lost = [flag('lost-contact', '2026-03-01T00:00:00+08:00')];
  it.each<[string, Omit<Case, 'rules' | 'at'>, string]>([
    ['are not needed to reach the borrower', {}, 'allow'],
    ['are asked where the borrower is, when nobody can reach them', { ...contact, flags: lost }, 'allow'],
    ['are not asked while the borrower can be reached', contact, 'deny'],
    ['are not asked to pay', { ...contact, purpose: 'demand', flags: lost }, 'deny'],
    ['never hear of the debt', { ...contact, disclosesDebt: true, flags: lost }, 'deny'],
    [
      'are asked once',
      { ...contact, flags: lost, ledger: [call('2026-02-01T12:00:00Z', 'rang', { partyId: 'F' })] },
      'deny',
    ],
    [
      'are not asked at all where the law does not name them',
      { party: { partyId: 'S', role: 'spouse' }, flags: lost },
      'deny',
    ],
  ])('%s', (_rule, asked, expected) => {
    expect(answer({ at, rules: [rule], ...asked })).toBe(expected);
  });
});

describe('a number or an address', () => {
  const bad: RuleOf<'contactPoint'> = {
    id: 'BAD',
    kind: 'contactPoint',
    channels: everyChannel,
    not: ['invalid', 'reassigned'],
    why,
  };
  const work: RuleOf<'workplace'> = {
    id: 'WORK',
    kind: 'workplace',
    channels: everyChannel,
    exceptions: [{ grant: 'work-contact' }],
    why,
  };
  it.each<[string, Omit<Case, 'at'>, string]>([
    ['that is not verified is used', { rules: [bad], contactPoint: point() }, 'allow'],
    [
      'that takes no SMS is called',
      { rules: [bad], channel: 'call', contactPoint: point({ takesSms: false }) },
      'allow',
    ],
    [
      'that takes no SMS is sent none',
      { rules: [bad], channel: 'sms', contactPoint: point({ takesSms: false }) },
      'deny',
    ],
    ['that is invalid is not used', { rules: [bad], contactPoint: point({ state: 'invalid' }) }, 'deny'],
    [
      'that belongs to somebody else now is not used',
      { rules: [bad], contactPoint: point({ state: 'reassigned' }) },
      'deny',
    ],
    ['at work is not used without leave', { rules: [work], contactPoint: point({ place: 'work' }) }, 'deny'],
    [
      'at work is not used where the employer forbids it',
      { rules: [work], contactPoint: point({ place: 'work', employerAllows: false }) },
      'deny',
    ],
    [
      'at work is used where the employer allows it',
      { rules: [work], contactPoint: point({ place: 'work', employerAllows: true }) },
      'allow',
    ],
    [
      'at work is used where the person allows it',
      {
        rules: [work],
        contactPoint: point({ place: 'work' }),
        grants: [grant('work-contact', '2026-03-01T00:00:00Z')],
      },
      'allow',
    ],
    [
      'at work is not used where it was somebody else who allowed it',
      {
        rules: [work],
        party: { partyId: 'G', role: 'guarantor' },
        contactPoint: point({ place: 'work' }),
        grants: [grant('work-contact', '2026-03-01T00:00:00Z')],
      },
      'deny',
    ],
    [
      'of a guarantor at work is used where the guarantor allows it',
      {
        rules: [work],
        party: { partyId: 'G', role: 'guarantor' },
        contactPoint: point({ place: 'work' }),
        grants: [grant('work-contact', '2026-03-01T00:00:00Z', { partyId: 'G' })],
      },
      'allow',
    ],
    ['at home is used', { rules: [work], contactPoint: point({ place: 'home' }) }, 'allow'],
  ])('%s', (_rule, asked, expected) => {
    expect(answer({ at, ...asked })).toBe(expected);
  });

  it('for an artificial voice is asked for consent only when a machine speaks', () => {
    const voice: RuleOf<'consentBasis'> = {
      ...{ id: 'VOICE', kind: 'consentBasis', channels: ['call'], why, voice: 'artificial' },
      anyOf: [{ grant: 'direct-consent' }],
    };
    const asked = { at, channel: 'call', rules: [hours, voice] } as const;
    expect(answer(asked)).toBe('allow');
    expect(answer({ ...asked, artificialVoice: true })).toBe('deny');
    const grants = [grant('direct-consent', '2026-02-01T00:00:00Z', { channel: 'call' })];
    expect(answer({ ...asked, artificialVoice: true, grants })).toBe('allow');
  });

  const basis: RuleOf<'consentBasis'> = {
    ...{ id: 'BASIS', kind: 'consentBasis', channels: ['sms', 'email'], why },
    anyOf: [{ grant: 'direct-consent' }, { grant: 'creditor-notice', afterDays: 35 }],
    fresh: { days: 60, by: ['direct-consent', 'number-check', 'creditor-notice'] },
  };
  it.each<[string, Omit<Case, 'rules' | 'at'>, string]>([
    ['without a ground is not used', {}, 'deny'],
    ['with consent is used', { grants: [grant('direct-consent', '2026-02-01T00:00:00Z')] }, 'allow'],
    [
      'with consent for another number is not',
      {
        contactPoint: point(),
        grants: [grant('direct-consent', '2026-02-01T00:00:00Z', { contactPoint: '+12025550199' })],
      },
      'deny',
    ],
    ['with a stale consent is not', { grants: [grant('direct-consent', '2025-12-01T00:00:00Z')] }, 'deny'],
    [
      'with a stale consent is used again once the number was checked',
      { grants: [grant('direct-consent', '2025-12-01T00:00:00Z'), grant('number-check', '2026-03-01T00:00:00Z')] },
      'allow',
    ],
    ['that was only checked is not', { grants: [grant('number-check', '2026-03-01T00:00:00Z')] }, 'deny'],
    [
      'announced by letter is used after 35 days',
      { grants: [grant('creditor-notice', '2026-02-10T12:00:00+08:00')] },
      '2026-03-16T16:00:00.000Z',
    ],
  ])('%s', (_rule, asked, expected) => {
    expect(answer({ at, rules: [basis], ...asked })).toBe(expected);
  });
});

import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { CaseFacts, CaseState, Decision } from '../src/domain/case';

const keys = {
  stage: defineSearchAttributeKey('CaseStage', 'KEYWORD'),
  status: defineSearchAttributeKey('CaseStatus', 'KEYWORD'),
  tier: defineSearchAttributeKey('RiskTier', 'KEYWORD'),
  branch: defineSearchAttributeKey('Branch', 'KEYWORD'),
  assignee: defineSearchAttributeKey('Assignee', 'KEYWORD'),
  policy: defineSearchAttributeKey('PolicyVersion', 'KEYWORD'),
  dpd: defineSearchAttributeKey('DaysPastDue', 'INT'),
  overdue: defineSearchAttributeKey('AmountOverdueMinor', 'INT'),
  nextAt: defineSearchAttributeKey('NextActionAt', 'DATETIME'),
  paused: defineSearchAttributeKey('Paused', 'BOOL'),
};

const timelineLines = 8;

/**
 * What operations see of a case in the Temporal UI: search attributes, and current details as a short timeline.
 * An upsert costs one history event, so it is made only when a value changed.
 */
export class CaseBoard {
  private shown = '';
  private readonly timeline: string[] = [];

  show(state: CaseState, facts: CaseFacts, next: Decision, nowMs: number): void {
    const attributes = attributesOf(state, facts, next);
    const shown = JSON.stringify(attributes.map(({ value }) => value));
    if (shown !== this.shown) {
      this.shown = shown;
      upsertSearchAttributes(attributes);
    }
    this.note(next, nowMs);
    setCurrentDetails(this.details(state, facts, next));
  }

  private note(next: Decision, nowMs: number): void {
    if (next.do === 'wait') return;
    this.timeline.unshift(`- ${minute(nowMs)} ${sayDecision(next)}`);
    this.timeline.length = Math.min(this.timeline.length, timelineLines);
  }

  private details(state: CaseState, facts: CaseFacts, next: Decision): string {
    const until = next.do === 'wait' && next.untilMs !== null ? ` until ${minute(next.untilMs)}` : '';
    const course = facts.ownCourse === undefined ? '' : `, course ${facts.ownCourse}`;
    return [
      `**Stage ${state.stage}**${facts.pause === null ? '' : ', paused'}${course}, ${facts.rawDpd} days past due (${facts.bucket}), ` +
        `effective ${facts.effectiveDpd}, overdue ${facts.overdueMinor} ${facts.currency} minor units`,
      `**Next:** ${sayDecision(next)}${until}`,
      '',
      ...this.timeline,
    ].join('\n');
  }
}

function attributesOf(state: CaseState, facts: CaseFacts, next: Decision): SearchAttributeUpdatePair[] {
  const nextAt = next.do === 'wait' && next.untilMs !== null ? new Date(next.untilMs) : null;
  return [
    { key: keys.stage, value: state.stage },
    { key: keys.status, value: next.do === 'close' ? 'closed' : 'open' },
    { key: keys.tier, value: facts.tier },
    { key: keys.branch, value: facts.branch },
    { key: keys.assignee, value: facts.assignee },
    { key: keys.policy, value: state.policyVersion },
    { key: keys.dpd, value: facts.rawDpd },
    { key: keys.overdue, value: facts.overdueMinor },
    { key: keys.nextAt, value: nextAt },
    { key: keys.paused, value: facts.pause !== null },
  ];
}

/** A decision in one line, as operations read it. */
export function sayDecision(next: Decision): string {
  switch (next.do) {
    case 'contact':
    case 'task':
      return `${next.do} ${next.step.key}`;
    case 'escalate':
    case 'proposeLegal':
      return `${next.do} → ${next.stage}: ${next.reason}`;
    case 'skip':
      return `skip ${next.keys.join(', ')}: ${next.reason}`;
    case 'wait':
    case 'refuseLegal':
    case 'close':
      return `${next.do}: ${next.reason}`;
  }
}

function minute(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

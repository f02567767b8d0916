/** What a missed instalment costs, by policy. Minor units of the policy's currency. */
export interface ChargeRules {
  /** Days past due of an instalment on which nothing arises. They are free: what arises later does not reach back. */
  readonly graceDays: number;
  /** Once for each missed instalment; 0 for none (滞纳金). */
  readonly lateFeeMinor: number;
  /** On what is overdue, day by day (罚息). */
  readonly penaltyInterest: {
    readonly perMillePerYear: number;
    readonly daysInYear: 360 | 365;
    readonly on: 'principal' | 'principal-and-interest';
  } | null;
  /** Upper bounds of late fee and penalty interest together. What a bound cuts off never arises later. */
  readonly caps: {
    readonly perInstalmentMinor?: number;
    /** Of what was due with the instalment. */
    readonly ofInstalmentPerMille?: number;
    /** Over all instalments, in one calendar month. */
    readonly perMonthMinor?: number;
    /** Over all instalments, for ever. */
    readonly totalMinor?: number;
  };
}

export type ChargeKind = 'late-fee' | 'penalty-interest';

/** One charge of one instalment of one schedule. It stays visible when it was paid or waived. Minor units. */
export interface Charge {
  readonly kind: ChargeKind;
  readonly scheduleNo: number;
  readonly instalmentNo: number;
  /** The first and the last day on which some of it arose. */
  readonly fromDay: string;
  readonly throughDay: string;
  readonly amountMinor: number;
  readonly waivedMinor: number;
  readonly unpaidMinor: number;
}

/** Late fees are settled with fees, penalty interest with penalties. */
export const componentOf = { 'late-fee': 'fee', 'penalty-interest': 'penalty' } as const;

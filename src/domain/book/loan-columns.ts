/**
 * A contract and its payments as columns of numbers, filled anew for each loan of a book so that a million loans make no
 * garbage: only the first `instalments` and `payments` entries count. Days are `dayNumber`s, amounts minor units. Payments
 * that were undone are left out.
 */
export class LoanColumns {
  instalments = 0;
  payments = 0;
  readonly dueDays: number[] = [];
  readonly dueMinor: number[] = [];
  /** Of `dueMinor`. */
  readonly principalMinor: number[] = [];
  readonly paidDays: number[] = [];
  readonly paidMinor: number[] = [];

  clear(): void {
    this.instalments = 0;
    this.payments = 0;
  }

  addInstalment(dueDay: number, dueMinor: number, principalMinor: number): void {
    let at = this.instalments;
    // Mostly they come in the order of their days. Of the same day, the one that came first is paid first.
    for (; at > 0 && (this.dueDays[at - 1] ?? 0) > dueDay; at -= 1) {
      this.dueDays[at] = this.dueDays[at - 1] ?? 0;
      this.dueMinor[at] = this.dueMinor[at - 1] ?? 0;
      this.principalMinor[at] = this.principalMinor[at - 1] ?? 0;
    }
    this.dueDays[at] = dueDay;
    this.dueMinor[at] = dueMinor;
    this.principalMinor[at] = principalMinor;
    this.instalments += 1;
  }

  addPayment(paidDay: number, paidMinor: number): void {
    let at = this.payments;
    for (; at > 0 && (this.paidDays[at - 1] ?? 0) > paidDay; at -= 1) {
      this.paidDays[at] = this.paidDays[at - 1] ?? 0;
      this.paidMinor[at] = this.paidMinor[at - 1] ?? 0;
    }
    this.paidDays[at] = paidDay;
    this.paidMinor[at] = paidMinor;
    this.payments += 1;
  }
}

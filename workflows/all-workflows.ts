// What a worker hosts.
export { dailyRecords } from './daily-records';
export { loanCase } from './loan-case';

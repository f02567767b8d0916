// What a worker hosts.
export { bulkPause } from './bulk-pause';
export { dailyRecords } from './daily-records';
export { loanCase } from './loan-case';

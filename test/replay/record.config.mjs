import config from '../../jest.config.mjs';

// Recording is no test: it writes the histories that the tests replay.
const engine = config.projects.find(({ displayName }) => displayName === 'engine');
export default {
  ...engine,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/replay/record-histories.ts'],
  testTimeout: 120_000,
};

// Two kinds of test: rules need nothing but Node; engine tests share one PostgreSQL and one Temporal server.
const common = {
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  testEnvironment: 'node',
};
export default {
  projects: [
    { ...common, displayName: 'rules', testMatch: ['<rootDir>/test/{domain,channels,docs,policy}/**/*.test.ts'] },
    {
      ...common,
      displayName: 'engine',
      testMatch: ['<rootDir>/test/!(domain|channels|docs|policy)/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  testTimeout: 120_000,
  maxWorkers: 2,
};

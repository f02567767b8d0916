// Three kinds of test: rules (pure), db (PostgreSQL), story (the whole service on the real engine).
const common = {
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  testEnvironment: 'node',
};
export default {
  projects: [
    { ...common, displayName: 'rules', testMatch: ['<rootDir>/test/domain/**/*.test.ts'] },
    {
      ...common,
      displayName: 'engine',
      testMatch: ['<rootDir>/test/!(domain)/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  testTimeout: 120_000,
  maxWorkers: 2,
};

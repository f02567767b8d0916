// Two kinds of test: rules need nothing but Node; engine tests share one PostgreSQL and one Temporal server.
const common = {
  transform: { '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  // What Fastify needs that is published as ESM only.
  transformIgnorePatterns: ['/node_modules/(?!(content-disposition|cookie)/)'],
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

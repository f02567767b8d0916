import { defineConfig } from 'eslint/config';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

// Which room may look into which: see ARCHITECTURE.md, "Directions".
const rooms = {
  domain: ['./src/!(domain)/**', './src/*.ts', './workflows/**', './activities/**', './worker/**'],
  workflows: ['./src/!(domain)/**', './src/domain/bank-calendar*', './src/*.ts', './activities/**', './worker/**'],
  store: ['./src/!(domain|store)/**', './workflows/**', './activities/**', './worker/**'],
  channels: ['./src/!(domain|channels)/**', './workflows/**', './activities/**', './worker/**'],
  intake: ['./src/!(domain|store|intake)/**', './workflows/**', './activities/**', './worker/**'],
  engine: ['./src/!(engine)/**', './workflows/**', './activities/**', './worker/**'],
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '.arrears/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: Object.entries(rooms).map(([room, from]) => ({
            target: room === 'workflows' ? './workflows' : `./src/${room}`,
            from,
          })),
        },
      ],
    },
  },
  {
    files: ['src/domain/**/*.ts', 'workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'pg', 'fastify', 'twilio', 'nodemailer'],
              message: 'Pure rooms reach nothing outside.',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch'],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);

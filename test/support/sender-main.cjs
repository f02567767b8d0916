// Makes the contacts that are not settled yet, in a process of its own, and kills itself where it is told to. TypeScript is
// turned into JavaScript on the way in, as jest does for the tests.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

const options = { module: { type: 'commonjs' }, jsc: { target: 'es2023', parser: { syntax: 'typescript' } } };
require.extensions['.ts'] = (module, filename) =>
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);

require('./sender.ts')
  .sendAll(JSON.parse(process.argv[2]))
  .then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );

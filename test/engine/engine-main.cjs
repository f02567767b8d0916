// The engine in a process of its own. TypeScript is turned into JavaScript on the way in, as jest does for the tests.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

const options = { module: { type: 'commonjs' }, jsc: { target: 'es2023', parser: { syntax: 'typescript' } } };
require.extensions['.ts'] = (module, filename) =>
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);

const { startEngine } = require('../../src/engine/engine.ts');

startEngine({ ...JSON.parse(process.argv[2]), report: () => undefined })
  .then((engine) => {
    const stop = () => engine.stop().then(() => process.exit(0));
    process.once('message', stop);
    // The test run itself was killed.
    process.once('disconnect', stop);
    process.send({ up: true, databaseUrl: engine.databaseUrl, temporalAddress: engine.temporalAddress });
  })
  .catch((error) => process.send({ up: false, type: error.type, message: error.message }, () => process.exit(1)));

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { checkPolicyFile } from '../policy/check';
import { formatProblem } from '../policy/located-yaml';
import { messagesDirectory, readMessages } from '../policy/policy-files';
import { readPolicy } from '../policy/read-policy';
import type { ServiceClient } from './http-client';

/** Commands around the bank's rule book. */
export function addPolicyCommands(program: Command, connect: () => ServiceClient): void {
  const policy = program.command('policy').description('the rule book: check, publish, list');
  policy
    .command('check <file...>')
    .description('say what is wrong with a policy file: line, path and reason')
    .action(async (files: string[]) => {
      let wrong = 0;
      for (const file of files) {
        const { document, problems } = await checkPolicyFile(file);
        for (const problem of problems) console.log(formatProblem(problem));
        if (document !== null) console.log(`${file}: policy ${document.policy.id} ${document.policy.version} is sound`);
        else wrong += 1;
      }
      if (wrong > 0) process.exit(1);
    });
  policy
    .command('publish <file>')
    .description('publish a policy file with the templates it uses; a published version never changes')
    .action(async (file: string) => {
      await readPolicy(file);
      const messages = [...(await readMessages(messagesDirectory(file)))].map(([name, { text }]) => [name, text]);
      const body = { policy: await readFile(file, 'utf8'), messages: Object.fromEntries(messages) as object };
      console.log(JSON.stringify(await connect().send('POST', '/policies', body), null, 2));
    });
  policy
    .command('list')
    .description('published policies')
    .action(async () => {
      console.log(JSON.stringify(await connect().get('/policies'), null, 2));
    });
}

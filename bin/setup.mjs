// Brings a clone to the state in which `arrears` can run: dependencies as locked, and the build. What is there already is
// left alone, so that a second start is quick.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`arrears needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

function once(what, marker, content, work) {
  const file = path.join(root, marker);
  const hash = createHash('sha256').update(content).digest('hex');
  if (existsSync(file) && readFileSync(file, 'utf8') === hash) return;
  console.error(`${what} …`);
  work();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

function sources() {
  const files = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  for (const folder of ['src', 'workflows', 'activities', 'worker', 'bench']) {
    if (!existsSync(path.join(root, folder))) continue;
    for (const file of readdirSync(path.join(root, folder), { recursive: true })) {
      if (file.endsWith('.ts')) files.push(path.join(folder, file));
    }
  }
  return files.sort().map((file) => `${file}\n${readFileSync(path.join(root, file), 'utf8')}`);
}

once(
  'Installing dependencies (npm ci)',
  'node_modules/.arrears-lock',
  readFileSync(path.join(root, 'package-lock.json')),
  () => run('npm', 'ci', '--no-audit', '--no-fund'),
);
once('Building', 'dist/.arrears-sources', sources().join('\n'), () => run('npm', 'run', '--silent', 'build'));

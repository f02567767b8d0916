import { spawn } from 'node:child_process';

export interface CommandOptions {
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number } | null;
}

/** What a command that ran to its end answered: its exit code (null when it could not run) and all it wrote. */
export interface CommandResult {
  code: number | null;
  output: string;
}

/** Runs a short command to its end and never throws: the caller knows what a failure means. */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      env: options.env ?? process.env,
      ...(options.user ?? {}),
    });
    let output = '';
    const append = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', append);
    child.stderr.on('data', append);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output.trimEnd() }));
  });
}

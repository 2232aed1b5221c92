// The engine's examples as somebody else has them: installed from the package into an empty folder, compiled
// there, and run as processes.

import { type ChildProcess, execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { type Installed, installPackage } from './package.ts';
import { connectTo } from './valkey.ts';

const programs = { orders: 'shop', research: 'research' } as const;
export type Example = keyof typeof programs;

export interface Examples {
  readonly installed: Installed;
  /** Lines of each source, and what the compiler objects to. */
  readonly found: readonly { readonly name: string; readonly lines: number; readonly objections: string }[];
  program(example: Example): string;
}

export async function installExamples(): Promise<Examples> {
  const installed = await installPackage();
  const found = [];
  for (const [name, program] of Object.entries(programs)) {
    const source = join(installed.folder, 'node_modules/agent-arena-streams/examples', name, `${program}.ts`);
    const lines = (await readFile(source, 'utf8')).split('\n').length - 1;
    found.push({ name, lines, objections: await installed.compile(pathToFileURL(source)) });
  }
  return { installed, found, program: (example) => join(installed.folder, `out/${programs[example]}.js`) };
}

export interface Life {
  readonly lines: readonly string[];
  readonly said: string;
  readonly signal: string | null;
}

export interface Living {
  readonly child: ChildProcess;
  readonly ended: Promise<Life>;
  /** Resolves with the first line from now on that begins so. */
  line(begin: string): Promise<string>;
}

/** Starts a program that says a line at a time. */
export function start(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Living {
  const { promise, resolve } = Promise.withResolvers<Life>();
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const child = execFile(command, args, { cwd, env: { ...process.env, ...env } }, (_error, _out, said) =>
    resolve({ lines, said, signal: child.signalCode }),
  );
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter((one) => one !== '')) {
      lines.push(line);
      for (const tell of waiting) tell(line);
    }
  });
  return {
    child,
    ended: promise,
    line(begin) {
      const told = Promise.withResolvers<string>();
      const tell = (line: string) => {
        if (!line.startsWith(begin)) return;
        waiting.delete(tell);
        told.resolve(line);
      };
      waiting.add(tell);
      void promise.then(({ said }) => told.reject(new Error(`it ended before it said ${begin}: ${said}`)));
      return told.promise;
    },
  };
}

/** Asks a Valkey as somebody who knows nothing of the engine. */
export async function asked<T>(url: string, ask: (commands: Valkey) => Promise<T>): Promise<T> {
  const commands = await connectTo(url);
  try {
    return await ask(commands);
  } finally {
    commands.disconnect();
  }
}

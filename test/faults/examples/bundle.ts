// The engine's examples as processes that start fast: each bundled once with the engine. The worker is the
// example as it stands; the gate is the same program with its last part, which places work and looks on,
// replaced by a door through which clients send their commands.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin, stop } from 'esbuild';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const door = fileURLToPath(new URL('./door.ts', import.meta.url));

/** Where the part of an example begins that is for its own clients. */
const clientsBegin = 'const outcomes: Record<string, number> = {};';

export interface Example {
  /** Of its source. */
  readonly source: string;
  /** The variable that has the streams into which commands go. */
  readonly streams: string;
}

export interface Bundled {
  readonly worker: string;
  readonly gate: string;
}

export async function bundleExample({ source, streams }: Example, folder: string): Promise<Bundled> {
  const worker = join(folder, 'worker.mjs');
  const gate = join(folder, 'gate.mjs');
  await bundle(source, worker, (text) => text);
  await bundle(source, gate, (text, path) => (path === source ? withDoor(text, streams) : text));
  await stop();
  return { worker, gate };
}

function withDoor(text: string, streams: string): string {
  const at = text.indexOf(clientsBegin);
  if (at < 0) throw new Error(`the example has no line "${clientsBegin}"`);
  return [
    `import { openDoor } from ${JSON.stringify(door)};`,
    text.slice(0, at),
    'await engine.ready(stop.signal);',
    'const running = engine.run(stop.signal);',
    `openDoor(${streams});`,
    "console.log('ready');",
    'await running;',
    'await engine.close();',
    'store.close();',
  ].join('\n');
}

/** One file of a program with the engine. `change`: of each file of its source. */
export async function bundle(
  source: string,
  outfile: string,
  change: (text: string, path: string) => string,
): Promise<void> {
  const ours: Plugin = {
    name: 'at their place',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        // The engine finds its functions beside its source.
        const placed = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
        return { contents: change(placed, path), loader: 'ts' };
      });
    },
  };
  await build({
    absWorkingDir: checkout,
    entryPoints: [source],
    outfile,
    alias: { 'agent-arena-streams': join(checkout, 'streams/engine.ts') },
    plugins: [ours],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'silent',
  });
}

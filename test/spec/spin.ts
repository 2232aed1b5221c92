// Spin, which explores a model exhaustively or plays it at random, and a C compiler for its verifier:
// Debian's spin and tcc, fetched for this checkout alone, without root. A compiler of the system is taken
// where a long run is worth its time.

import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  fetchPackages,
  findOnPath,
  isExecutable,
  libraryFolders,
  type Progress,
} from '../../server/setup/private-apt.ts';

const run = promisify(execFile);
const outputBytesMax = 1 << 28;

export interface Spin {
  /** Of programs: with the folder in which they are. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command that makes a verifier of C, as words. `fast`: its program is, and it takes seconds. */
  readonly compile: (fast: boolean) => readonly string[];
}

/** How much of each thing there is: `-D` of the model. */
export type Bounds = Readonly<Record<string, number>>;

export interface Model {
  readonly name: string;
  readonly text: string;
}

export interface Checked {
  /** What went wrong, as the verifier says it; null where nothing did. */
  readonly wrong: string | null;
  /** The steps that lead there. */
  readonly steps: readonly string[];
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

export interface Checking {
  readonly bounds: Bounds;
  /** Looks for runs without an end, too. Takes twice the states. */
  readonly cycles: boolean;
  readonly fast?: boolean;
}

/** Fetches them where they are not. Throws NoPackages with the reason where that cannot be. */
export async function findSpin(dataDir: string, progress: Progress): Promise<Spin> {
  const home = resolve(dataDir, 'spin');
  const bin = join(home, 'usr/bin');
  if (!(await isExecutable(join(bin, 'spin')))) {
    progress('fetching spin and tcc with the package manager of this system');
    await fetchPackages({ home, packages: ['spin', 'tcc', 'libc6-dev'], progress });
  }
  const system = (await findOnPath('gcc')) ?? (await findOnPath('cc'));
  const tcc = await tccOf(home);
  const path = [bin, process.env['PATH'] ?? ''].join(delimiter);
  return {
    env: { ...process.env, PATH: path, LD_LIBRARY_PATH: (await libraryFolders(home)).join(delimiter) },
    compile: (fast) => (fast && system !== null ? [system, '-O2', '-w', 'pan.c'] : tcc),
  };
}

/**
 * tcc as it finds its own files, and those of the C library where the system has none: a plain Debian runs
 * programs, and has nothing to make them with.
 */
async function tccOf(home: string): Promise<readonly string[]> {
  const libraries = await libraryFolders(home);
  const own = await firstWith(await folders(home), 'libtcc1.a');
  const tcc = [join(home, 'usr/bin/tcc'), `-B${own ?? ''}`, '-w'];
  if (await exists('/usr/include/stdio.h')) return [...tcc, 'pan.c'];
  const crt = (await firstWith([...libraries, ...(await folders(home))], 'crt1.o')) ?? '';
  const triple = crt.split('/').at(-1) ?? '';
  const shared = (await firstWith([`/lib/${triple}`, `/usr/lib/${triple}`], 'libc.so.6')) ?? '';
  const headers = [`-I${home}/usr/include`, `-I${home}/usr/include/${triple}`];
  const begin = ['-nostdlib', join(crt, 'crt1.o'), join(crt, 'crti.o')];
  const end = [join(shared, 'libc.so.6'), join(crt, 'libc_nonshared.a'), join(own ?? '', 'libtcc1.a')];
  return [...tcc, ...headers, ...begin, 'pan.c', ...end, join(crt, 'crtn.o')];
}

async function folders(home: string): Promise<string[]> {
  const { stdout } = await run('find', [join(home, 'usr/lib'), '-type', 'd']);
  return stdout.split('\n').filter((folder) => folder !== '');
}

async function firstWith(places: readonly string[], file: string): Promise<string | null> {
  for (const place of places) if (await exists(join(place, file))) return place;
  return null;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

export async function readModel(name: string): Promise<Model> {
  return { name, text: await readFile(join(import.meta.dirname, 'models', `${name}.pml`), 'utf8') };
}

const defined = (bounds: Bounds) => Object.entries(bounds).map(([name, value]) => `-D${name}=${value}`);
// Named without its folder, whose name may have spaces.
const preprocessed = '-Ptcc -E -x c';

/** Explores every state of a model. Throws where the search did not come to its end. */
export async function check(
  spin: Spin,
  model: Model,
  { bounds, cycles, fast = false }: Checking,
): Promise<Checked> {
  return inFolder(model, async (folder, file) => {
    const at = { cwd: folder, env: spin.env, maxBuffer: outputBytesMax };
    await run('spin', [preprocessed, ...defined(bounds), '-a', file], at);
    const [compiler = '', ...words] = spin.compile(fast);
    const wanted = cycles ? ['-DNP'] : ['-DSAFETY'];
    const shape = ['-DCOLLAPSE', '-DNOFAIR', '-DXUSAFE', '-DMEMLIM=14000', ...wanted];
    await run(compiler, [...shape, '-o', 'pan', ...words], at);
    const limits = ['-m10000', '-E', '-n', fast ? '-w24' : '-w18', ...(cycles ? ['-l'] : [])];
    const { said, cpuSeconds } = await timed(join(folder, 'pan'), limits, at);
    const found = read(said);
    if (found.wrong === null) return { ...found, steps: [], cpuSeconds };
    const again = await run(join(folder, 'pan'), ['-r', '-n', ...(cycles ? ['-l'] : [])], at).catch(
      (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
    );
    return { ...found, steps: stepsIn(again.stdout), cpuSeconds };
  });
}

/** Plays a model at random: each line is a step, or the state before it, as the model prints them. */
export async function play(
  spin: Spin,
  model: Model,
  { bounds, seed }: { readonly bounds: Bounds; readonly seed: number },
): Promise<readonly string[]> {
  return inFolder(model, async (folder, file) => {
    const words = [preprocessed, '-DTRACE', ...defined(bounds), '-T', `-n${seed}`, '-B', file];
    const at = { cwd: folder, env: spin.env, maxBuffer: outputBytesMax };
    const { stdout } = await run('spin', words, at);
    if (/assert|error/i.test(stdout)) throw new Error(`model ${model.name}, seed ${seed}: ${stdout}`);
    return stdout.split('\n').map((line) => line.trim());
  });
}

async function inFolder<T>(
  { name, text }: Model,
  work: (folder: string, file: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-spec-'));
  try {
    await writeFile(join(folder, `${name}.pml`), text);
    return await work(folder, `${name}.pml`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program; its own CPU time is what a shell says of it, in seconds. */
async function timed(
  program: string,
  words: readonly string[],
  at: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly maxBuffer: number },
): Promise<{ said: string; cpuSeconds: number }> {
  // The program ends with 0 where it found an error, too; `times` tells of children in its second line.
  const script = '"$@"; times';
  const { stdout } = await run('sh', ['-c', script, 'sh', program, ...words], at);
  const [, minutes = '0', seconds = '0'] = /(\d+)m([\d.]+)s \d+m[\d.]+s\s*$/.exec(stdout) ?? [];
  return { said: stdout, cpuSeconds: Number(minutes) * 60 + Number(seconds) };
}

function read(said: string): Omit<Checked, 'steps' | 'cpuSeconds'> {
  const number = (pattern: RegExp) => Number(pattern.exec(said)?.[1] ?? Number.NaN);
  const errors = number(/errors: (\d+)/);
  const wrong = /^pan:1: (.*?)(?: \(at depth \d+\))?$/m.exec(said)?.[1] ?? null;
  const cut = /max search depth too small|out of memory|Search not completed/i.test(said);
  if (Number.isNaN(errors) || errors > 0 !== (wrong !== null) || (cut && wrong === null)) {
    throw new Error(`the search did not come to its end: ${said}`);
  }
  return {
    wrong,
    states: number(/(\d+(?:\.\d+e\+\d+)?) states, stored/),
    transitions: number(/(\d+(?:\.\d+e\+\d+)?) transitions/),
    depth: number(/depth reached (\d+)/),
    megabytes: number(/([\d.]+)\s+total actual memory usage/),
  };
}

const stepsIn = (said: string): string[] =>
  said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[a-z_]+ \d+ \d+$/.test(line));

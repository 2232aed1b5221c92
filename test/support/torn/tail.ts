// Records a file of commits of every shape, cuts it, and starts the server twice on each cut: what is there
// then is exactly what stood before the cut, whole calls alone, and what is acknowledged afterwards stays.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { connect, untilReady } from '../../../streams/valkey/connection.ts';
import { appendOnly, temporaryFolder } from '../aof.ts';
import { startCrashing } from '../crashing-valkey.ts';
import { type Contents, contentsOf, problemsIn } from './contents.ts';
import { type Begun, begin, onward, type Rig, rigOn, type Shape, shapesOf } from './shapes.ts';

export interface Tail {
  readonly folder: string;
  /** The files beside the one that is cut. */
  readonly beside: readonly (readonly [name: string, bytes: Buffer])[];
  readonly file: string;
  readonly bytes: Buffer;
  readonly begun: Begun;
  readonly shapes: readonly Shape[];
  /** Where the file ended before the first call and after each, and what the store kept then. */
  readonly ends: readonly number[];
  readonly states: readonly Contents[];
}

/** Ports that no program is given when it asks for any: these servers are away again and again. */
const portOf = (worker: number): number => 12_000 + (process.pid % 2_000) * 8 + worker;

export async function recordTail(): Promise<Tail> {
  const folder = await temporaryFolder();
  const data = join(folder, 'data');
  const recorded = await living(folder, portOf(0), async (rig) => {
    const begun = await begin(rig);
    const file = (await readdir(appendOnly(data))).find((name) => name.endsWith('.incr.aof')) ?? '';
    const size = async () => (await readFile(join(appendOnly(data), file))).length;
    const shapes = shapesOf(begun);
    const [ends, states] = [[await size()], [await contentsOf(rig.commands)]];
    for (const { name, send } of shapes) {
      await send(rig);
      ends.push(await size());
      states.push(await contentsOf(rig.commands));
      const written = (await readFile(join(appendOnly(data), file))).subarray(ends.at(-2), ends.at(-1));
      expect({ name, steps: stepsIn(written) }).toEqual({ name, steps: 1 });
    }
    return { begun, file, shapes, ends, states };
  });
  const names = (await readdir(appendOnly(data))).filter((name) => name !== recorded.file);
  const read = async (name: string) => [name, await readFile(join(appendOnly(data), name))] as const;
  const [, bytes] = await read(recorded.file);
  expect(bytes.length).toBe(recorded.ends.at(-1));
  expect(recorded.states.flatMap(problemsIn)).toEqual([]);
  return { ...recorded, folder, bytes, beside: await Promise.all(names.map(read)) };
}

/** The words of each command in a piece of a file, and where it ends. */
function commandsIn(bytes: Buffer): { readonly name: string; readonly end: number }[] {
  const found: { name: string; end: number }[] = [];
  let at = 0;
  const number = () => {
    const end = bytes.indexOf('\r\n', at);
    const value = Number(bytes.toString('latin1', at + 1, end));
    at = end + 2;
    return value;
  };
  while (at < bytes.length) {
    const count = number();
    let name = '';
    for (let word = 0; word < count; word++) {
      const length = number();
      if (word === 0) name = bytes.toString('latin1', at, at + length);
      at += length + 2;
    }
    found.push({ name, end: at });
  }
  return found;
}

/** Transactions, and commands outside of them. */
function stepsIn(bytes: Buffer): number {
  let [steps, inside] = [0, false];
  for (const { name } of commandsIn(bytes)) {
    if (name === 'MULTI') inside = true;
    else if (name === 'EXEC') inside = false;
    else if (inside || name === 'SELECT') continue;
    if (name !== 'MULTI') steps += 1;
  }
  return steps;
}

/** Different ones: half of them ends of commands and the bytes beside those, the others evenly between. */
export function cutsOf({ bytes, ends }: Tail, count: number): number[] {
  const [first = 0] = ends;
  const near = new Set<number>();
  for (const { end } of commandsIn(bytes.subarray(first))) {
    for (const beside of [-1, 0, 1]) near.add(Math.min(first + end + beside, bytes.length));
  }
  const others = Array.from({ length: bytes.length - first }, (_, at) => first + at).filter(
    (at) => !near.has(at),
  );
  const even = (all: readonly number[], wanted: number) =>
    Array.from(
      { length: Math.min(wanted, all.length) },
      (_, n) => all[Math.floor((n * all.length) / Math.min(wanted, all.length))] ?? first,
    );
  const beside = even(
    [...near].sort((a, b) => a - b),
    Math.ceil(count / 2),
  );
  return [...beside, ...even(others, count - beside.length)].sort((a, b) => a - b);
}

async function living<T>(folder: string, port: number, live: (rig: Rig) => Promise<T>): Promise<T> {
  const server = await startCrashing(folder, port);
  const commands = connect(server.url, 'test', { readyCheck: false });
  try {
    await untilReady(commands, AbortSignal.timeout(60_000));
    return await live(rigOn(commands));
  } finally {
    commands.disconnect();
    await server.kill();
  }
}

/** A file system that grew the file before its bytes were there: so many zeros stand behind the cut. */
const zerosBehind = (cut: number): number => (cut % 7 === 3 ? 1 + (cut % 5_000) : 0);

async function tryCut(tail: Tail, cut: number, port: number): Promise<void> {
  const { begun, bytes, ends, shapes, states, beside, file } = tail;
  const folder = `${tail.folder}-${cut}`;
  const files = appendOnly(join(folder, 'data'));
  await mkdir(files, { recursive: true });
  for (const [name, content] of beside) await writeFile(join(files, name), content);
  await writeFile(join(files, file), Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(zerosBehind(cut))]));
  const whole = ends.findLastIndex((end) => end <= cut);
  try {
    const acknowledged = await living(folder, port, async (rig) => {
      expect(await contentsOf(rig.commands)).toEqual(states[whole]);
      await sentAgain(rig, shapes[whole - 1], 'dup');
      await sentAgain(rig, shapes[whole], 'ok');
      await sentAgain(rig, onward(begun, cut), 'ok');
      return contentsOf(rig.commands);
    });
    await living(folder, port, async ({ commands }) => {
      expect(await contentsOf(commands)).toEqual(acknowledged);
      expect(problemsIn(acknowledged)).toEqual([]);
      expect(await commands.info('stats')).toContain('unexpected_error_replies:0');
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As by those who heard nothing. What bears no key is not sent again by anyone. */
async function sentAgain(rig: Rig, shape: Shape | undefined, status: 'ok' | 'dup'): Promise<void> {
  if (shape?.commits === undefined) return;
  const outcomes = [await shape.send(rig)].flat() as { status: string }[];
  expect({ name: shape.name, told: outcomes.map((outcome) => outcome.status) }).toEqual({
    name: shape.name,
    told: shape.commits.map(() => status),
  });
}

/** Each cut once, `atOnce` at a time; tells how it goes and gives what failed. */
export async function tryCuts(tail: Tail, cuts: readonly number[], atOnce: number): Promise<string[]> {
  const rest = [...cuts];
  const failed: string[] = [];
  const work = async (worker: number) => {
    for (let cut = rest.shift(); cut !== undefined; cut = rest.shift()) {
      await tryCut(tail, cut, portOf(worker)).catch((error: unknown) =>
        failed.push(`cut at ${cut}: ${error}`),
      );
      if (rest.length % 500 === 0) console.log(`${rest.length} cuts to go, ${failed.length} failed`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, worker) => work(worker + 1)));
  return failed;
}

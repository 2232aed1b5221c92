// Records the last three commits of a round, cuts the file that holds them, and plays on through two starts
// of the server: what was acknowledged has to be there.

import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { operatorOn } from '../../server/operate/operator.ts';
import { verifyRoom } from '../../server/operate/verify.ts';
import { createCommandReader } from '../../server/setup/aof-commands.ts';
import { appendOnly, temporaryFolder } from './aof.ts';
import { contentsOf, endRound, eventsOf, joinAs, openRound, type Round } from './commits.ts';
import { startCrashing } from './crashing-valkey.ts';
import { type Engine, startEngine } from './engine.ts';
import { gameOn } from './game-on.ts';
import { freePort } from './ports.ts';

// Two cores bear so many: a server that starts waits for its disk, too.
const atOnce = 3;

export interface Recorded {
  readonly folder: string;
  readonly round: Round;
  /** The file with the three commits, and what it held when the server was killed. */
  readonly file: string;
  readonly bytes: Buffer;
  /** Where it ended before the first of the three commits, and after each. */
  readonly ends: readonly number[];
}

/** `before`: what is done to the server while the question is open. */
export async function record(
  before: (engine: Engine) => Promise<unknown> = async () => undefined,
): Promise<Recorded> {
  const folder = await temporaryFolder();
  const server = await startCrashing(folder, await freePort());
  const engine = await startEngine(server.url);
  const round = await openRound(engine);
  await before(engine);
  const files = appendOnly(join(folder, 'data'));
  const file =
    (await readdir(files))
      .filter((name) => name.endsWith('.incr.aof'))
      .sort()
      .at(-1) ?? '';
  const path = join(files, file);
  const ends = [(await stat(path)).size];
  await endRound(engine, round, {
    answer: 'FACT',
    committed: async () => ends.push((await stat(path)).size),
  });
  await engine.close();
  await server.kill();
  return { folder, round, file, bytes: await readFile(path), ends };
}

/** The bounds of every command, the bytes beside them, and between them one in so many. */
export function cutsOf({ bytes, ends }: Recorded, everyBytes: number): number[] {
  const [first = 0] = ends;
  const cuts = new Set<number>();
  const reader = createCommandReader();
  for (let at = first; at < bytes.length; at = reader.end) {
    reader.read(bytes, at, bytes.length);
    for (const beside of [-1, 0, 1]) cuts.add(Math.min(reader.end + beside, bytes.length));
  }
  for (let at = first; at < bytes.length; at += everyBytes) cuts.add(at);
  return [...cuts].sort((a, b) => a - b);
}

/** Cuts the file there; plays on; kills the server; plays on with the next one. */
async function tryCut(recorded: Recorded, cut: number, port: number): Promise<void> {
  const { round, bytes, ends } = recorded;
  const folder = `${recorded.folder}-${cut}`;
  await cp(recorded.folder, folder, { recursive: true });
  await writeFile(join(appendOnly(join(folder, 'data')), recorded.file), bytes.subarray(0, cut));
  try {
    const acknowledged = await living(folder, port, async (engine) => {
      // Sent again by those who heard nothing; Ada has thought better of it.
      await endRound(engine, round, { answer: 'FAKE' });
      await joinAs(engine, round.room, 'Cy');
      return contentsOf(engine);
    });
    await living(folder, port, async (engine) => {
      expect(await contentsOf(engine)).toEqual(acknowledged);
      expect(await engine.commands.info('stats')).toContain('unexpected_error_replies:0');
      await checkLog(engine, round, cut < (ends[1] ?? 0) ? 'FAKE' : 'FACT');
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function living<T>(
  folder: string,
  port: number,
  live: (engine: Engine) => Promise<T>,
): Promise<T> {
  const server = await startCrashing(folder, port);
  const engine = await startEngine(server.url);
  try {
    return await live(engine);
  } finally {
    await engine.close();
    await server.kill();
  }
}

export async function checkLog(engine: Engine, { room, ada }: Round, answer: string): Promise<void> {
  const events = await eventsOf(engine, room);
  const operator = operatorOn(gameOn(engine.commands), 'test');
  // The documents are the projector’s, which is not there.
  const { problems } = await verifyRoom(operator, room, String(events.length));
  expect(problems).toEqual([]);
  const keyed = events.map(({ key }) => key).filter((key) => key !== null);
  const byCommit = keyed.filter((key, at) => key !== keyed[at - 1]);
  expect(byCommit).toEqual([...new Set(byCommit)]);
  const answers = events.filter(({ type }) => type === 'ANSWER_SUBMITTED');
  expect(answers).toMatchObject([{ data: { playerId: ada, answer } }]);
  const types = events.map(({ type }) => type);
  for (const once of ['ROUND_CLOSED', 'ROUND_RESULT', 'LEADERBOARD_UPDATE', 'ROUND_COMPLETE']) {
    expect(types.filter((type) => type === once)).toHaveLength(1);
  }
  expect(events.at(-1)).toMatchObject({ type: 'PLAYER_JOINED', data: { name: 'Cy' } });
}

/** Each cut once, some at a time; prints how many. */
export async function tryAll(recorded: Recorded, cuts: readonly number[]): Promise<void> {
  const rest = [...cuts];
  const failed: string[] = [];
  const work = async () => {
    const port = await freePort();
    for (let cut = rest.shift(); cut !== undefined; cut = rest.shift()) {
      await tryCut(recorded, cut, port).catch((error: unknown) => failed.push(`cut at ${cut}: ${error}`));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { ends } = recorded;
  const bytes = (ends.at(-1) ?? 0) - (ends[0] ?? 0);
  console.log(
    `cut at ${cuts.length} of the ${bytes} bytes of three commits, ${2 * cuts.length} restarts, ${failed.length} with something lost`,
  );
  expect(failed).toEqual([]);
}

// Aborts a process at each of some points, lets another one take over, and says what came of it.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bugVariable } from '../planted/bug.ts';
import type { Plan } from './abort.ts';
import type { Place, Story, World } from './world.ts';

const preload = fileURLToPath(new URL('abort.ts', import.meta.url));
const lookMs = 40;
// Where a bug is planted in the test, it is planted in its processes, too.
const handedOn = ['PATH', 'NODE_COMPILE_CACHE', 'NODE_OPTIONS', bugVariable];
const surroundings = Object.fromEntries(handedOn.map((name) => [name, process.env[name]]));

/** Every point that was seen, and commands that have none. */
export interface Surveyed {
  readonly points: readonly Point[];
  readonly unnamed: readonly string[];
}

interface Point {
  readonly who: string;
  readonly step: string;
  readonly side: string;
  /** How often it was passed. */
  readonly times: number;
}

export interface Sweep {
  /** Plays a story to its end without an abort. */
  survey(world: World): Promise<Surveyed>;
  /** Aborts at a point, `who step side hit`. Gives what is wrong; empty when all is as without a crash. */
  abortAt(world: World, at: string, taker: 'itself' | 'another'): Promise<readonly string[]>;
  end(): Promise<void>;
}

/** `url`: of a Valkey with many databases. */
export async function openSweep(url: string, withinMs: number): Promise<Sweep> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-points-'));
  const port = Number(new URL(url).port);
  let databases = 0;

  async function live<T>(
    world: World,
    work: (on: { story: Story; start(consumer: string, at: string | null): Life }) => Promise<T>,
  ): Promise<T> {
    databases += 1;
    const place = { url: `${url}/${databases}`, folder: join(folder, String(databases)) };
    const file = join(place.folder, 'points.txt');
    await mkdir(place.folder);
    await writeFile(file, '');
    const story = await world.begin(place);
    const lives: Life[] = [];
    const start = (consumer: string, point: string | null): Life => {
      const plan: Plan = { port, groups: world.groups, file, at: point };
      const one = startLife(world, { place, consumer, plan });
      lives.push(one);
      return one;
    };
    try {
      return await work({ story, start });
    } finally {
      await Promise.all(lives.map((one) => one.stop()));
      await story.end();
    }
  }

  return {
    survey: (world) =>
      live(world, async ({ story, start }) => {
        const life = start('one', null);
        const wrong = await untilRest(story, life, withinMs);
        if (wrong.length > 0) throw new Error(`without a crash: ${wrong.join('; ')}`);
        await life.stop();
        return surveyedIn(await readFile(life.file, 'utf8'));
      }),
    abortAt: (world, at, taker) =>
      live(world, async ({ story, start }) => {
        const first = start('one', at);
        const playing = new AbortController();
        const played = story.play(playing.signal).catch(() => undefined);
        const late = sleep(withinMs, 'late' as const, { signal: playing.signal }).catch(
          () => 'over' as const,
        );
        const ended = await Promise.race([first.ended, late]);
        playing.abort();
        await played;
        if (ended !== 'SIGKILL') return [`it never came to this point (${String(ended)}) ${first.said()}`];
        const second = start(taker === 'itself' ? 'one' : 'two', 'nowhere');
        return untilRest(story, second, withinMs);
      }),
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Plays a story until nothing is left to do; what is wrong then, or what never came to rest. */
async function untilRest(story: Story, life: Life, withinMs: number): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    await story.play(signal);
    for (let left = await story.left(); left.length > 0; left = await story.left()) {
      await sleep(lookMs, undefined, { signal }).catch(() => {
        throw new Error(left.join('; '));
      });
    }
    return await story.judge();
  } catch (error) {
    const left = await story.left().catch(String);
    return [`it does not come to rest: ${String(error)}; left: ${String(left)}; ${life.said()}`];
  }
}

/** What the preload of a process that was not aborted has told. */
function surveyedIn(told: string): Surveyed {
  const lines = told.split('\n');
  const points = new Map<string, Point>();
  for (const line of lines.filter((one) => one.startsWith('named '))) {
    const [, who = '', step = '', side = '', times = ''] = line.split(' ');
    points.set(`${who} ${step} ${side}`, { who, step, side, times: Number(times) });
  }
  const unnamed = new Set(lines.filter((line) => line.startsWith('unnamed ')));
  return { points: [...points.values()], unnamed: [...unnamed] };
}

interface Life {
  readonly file: string;
  /** The signal that ended it, or its code. */
  readonly ended: Promise<string | number | null>;
  readonly said: () => string;
  stop(): Promise<void>;
}

function startLife(
  world: World,
  { place, consumer, plan }: { place: Place; consumer: string; plan: Plan },
): Life {
  const { file, args, env } = world.program(place, consumer);
  const child: ChildProcess = spawn(process.execPath, ['--import', preload, file, ...args], {
    cwd: place.folder,
    env: {
      ...surroundings,
      ARENA_POINT: JSON.stringify(plan),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += String(chunk);
  });
  const ended = new Promise<string | number | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  return {
    file: plan.file,
    ended,
    said: () => text.slice(-600),
    async stop() {
      child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(killing);
    },
  };
}

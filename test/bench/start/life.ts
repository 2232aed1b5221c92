// One `npm start` as a person sees it: when the server answers, and when a player can answer a first
// question. All of it is asked from outside, so the checkout of another version can be asked as well.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { familyOf, type Member } from './family.ts';

const lookMs = 5;
const startMsMax = 300_000;
const endMsMax = 20_000;

export interface Stage {
  /** The checkout whose `npm start` it is. */
  readonly root: string;
  readonly dataDir: string;
  readonly port: number;
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Life {
  /** From the command to the first answer of /health, in ms. */
  readonly healthMs: number;
  /** The same to the answer that a player gave to a first question. */
  firstQuestionMs(): Promise<number>;
  family(): Member[];
  /** Ends it in order; resolves when none of it is left. */
  stop(): Promise<void>;
}

/** There is no countdown before a question: that is a choice of the game, not a cost of the start. */
export async function startLife({ root, dataDir, port, env = {} }: Stage): Promise<Life> {
  const own = {
    ARENA_DATA_DIR: dataDir,
    PORT: String(port),
    HOST: '127.0.0.1',
    VALKEY_URL: '',
    LEAD_MS: '0',
    LOG_LEVEL: 'error',
    ...env,
  };
  const since = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...withoutOurs(process.env), ...own },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/health`, child);
  return {
    healthMs: performance.now() - since,
    async firstQuestionMs() {
      await answerFirstQuestion(url);
      return performance.now() - since;
    },
    family: () => familyOf(child.pid ?? 0),
    stop: () => stop(child),
  };
}

/** Nothing of the npm and the Node that run this may make the start quicker or slower. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(npm_|NODE_COMPILE_CACHE$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const late = performance.now() + startMsMax;
  while (performance.now() < late) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    const reply = await fetch(url).catch(() => null);
    await reply?.arrayBuffer();
    if (reply?.ok) return;
    await sleep(lookMs);
  }
  throw new Error(`npm start did not answer within ${startMsMax / 1_000} s`);
}

interface Frame {
  readonly id?: number;
  readonly t?: string;
  readonly d?: { readonly roundId?: string };
  readonly err?: { readonly code: string; readonly message: string };
}

/** Makes a room, joins it as the host who plays, starts, and answers. */
async function answerFirstQuestion(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ rounds: 1, trial: true });
  const made = await fetch(`${url}/api/rooms`, { method: 'POST', headers, body });
  const { room, hostToken } = (await made.json()) as { room: string; hostToken: string };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, ['arena.v1.json']);
  await once(socket, 'open');
  const answered = Promise.withResolvers<void>();
  let asked = 0;
  const ask = (t: string, d: object) => socket.send(JSON.stringify({ id: ++asked, t, d }));
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.err !== undefined) answered.reject(new Error(`${frame.err.code}: ${frame.err.message}`));
    if (frame.id === 1) ask('start', { after: null });
    if (frame.t === 'NEW_QUESTION') ask('answer', { roundId: frame.d?.roundId, answer: 'FACT' });
    if (frame.id === 3) answered.resolve();
  });
  ask('join', { room, role: 'host', token: hostToken, name: 'Ada', nonce: randomUUID() });
  await answered.promise;
  socket.terminate();
}

async function stop(child: ChildProcess): Promise<void> {
  const family = familyOf(child.pid ?? 0);
  child.kill('SIGTERM');
  const late = performance.now() + endMsMax;
  for (;;) {
    const left = family.filter(({ pid, args }) => familyOf(pid)[0]?.args === args);
    if (left.length === 0) return;
    if (performance.now() > late)
      throw new Error(`these did not end: ${left.map(({ args }) => args).join()}`);
    await sleep(50);
  }
}

// A whole arena that is killed in the middle of a round: what its Valkey has on disk is kept as the commands
// that make it, with entries that were taken and not acknowledged, entries that nobody has taken, timers that
// come due, and a dead letter.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupInfos } from '../../streams/admin/group-infos.ts';
import { connect, untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { type Arena, startArena } from '../support/arena.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { openScene, type Scene } from './scene.ts';

/** A command of Valkey; an argument that is no text stands as `{b64}`. */
export type StoredCommand = readonly (string | { readonly b64: string })[];

export interface KilledStore {
  readonly commands: StoredCommand[];
  /** Lines `{kind, value}`. */
  readonly expected: object[];
}

const quick = { LEAD_MS: '200', INTERMISSION_MS: '200' };

export async function recordKilledStore(env: Readonly<Record<string, string>>): Promise<KilledStore> {
  const arena = await startArena({ ...quick, ...env });
  try {
    const finished = await begin(arena, 1);
    await finish(finished);
    // One in which a question waits for its answers, one in which all have answered and no points are given.
    const open = await begin(arena, 2);
    const answered = await begin(arena, 2);
    await plantLetter(open.scene.operator.connection, {
      ...{ room: open.scene.room, fingerprint: 'recorded', message: 'the writer lost its pen' },
    });
    await open.scene.answer(open.ada, 1, true, 300);
    // Stopped rather than killed, they still are handed entries, and never look at them.
    for (const name of ['game-master', 'projector']) signal(arena, name, 'SIGSTOP');
    for (const client of [answered.ada, answered.bo]) await answered.scene.answer(client, 1, true, 300);
    await answered.scene.host.until(() => answered.scene.host.frame('ROUND_CLOSED') !== undefined);
    const scenes = [finished.scene, open.scene, answered.scene];
    const rooms = await Promise.all(scenes.map(roomOf));
    for (const scene of scenes) scene.close();
    for (const { pid } of arena.processes.values()) process.kill(pid, 'SIGKILL');
    await arena.kill('valkey');
    return { commands: await commandsOf(arena.valkeyUrl), expected: rooms };
  } finally {
    await arena.stop();
  }
}

async function begin(arena: Arena, rounds: number) {
  const { room, hostToken } = await arena.createRoom({ rounds, seconds: 5 });
  const scene = await openScene({ ws: arena.ws, valkeyUrl: arena.valkeyUrl, room, hostToken });
  const ada = await scene.join('Ada');
  const bo = await scene.join('Bo');
  await scene.ask('start', { after: null });
  await scene.question(1);
  return { scene, ada, bo };
}

/** To its end, and until it stands on the boards and in the memory. */
async function finish({ scene, ada, bo }: Awaited<ReturnType<typeof begin>>): Promise<void> {
  await scene.answer(ada, 1, true);
  await scene.answer(bo, 1, false);
  await scene.host.until(() => scene.host.frame('GAME_OVER') !== undefined);
  const { connection, keys } = scene.operator;
  const kept = () => connection.exists(keys.boards.rows, keys.memory.rooms);
  for (const givenUpAt = Date.now() + 20_000; (await kept()) < 2; await sleep(50)) {
    if (Date.now() > givenUpAt) throw new Error('the game is not remembered');
  }
}

function signal(arena: Arena, name: string, which: NodeJS.Signals): void {
  const pid = arena.processes.get(name)?.pid;
  if (pid === undefined) throw new Error(`no process ${name}`);
  process.kill(pid, which);
}

async function roomOf({ room, hostToken, seats, acknowledged, log }: Scene): Promise<object> {
  const { rev } = (await log()).at(-1) ?? { rev: 0 };
  return { kind: 'room', value: { room, hostToken, seats, acknowledged, rev } };
}

/** What the Valkey keeps, in its own words: those of an append-only file that was just written anew. */
async function commandsOf(url: string): Promise<StoredCommand[]> {
  const connection = connect(url, 'record');
  await untilReady(connection, AbortSignal.timeout(10_000));
  try {
    await mustHold(connection);
    await connection.config('SET', 'aof-use-rdb-preamble', 'no');
    await connection.call('BGREWRITEAOF');
    while (/aof_rewrite_(in_progress|scheduled):1/.test(await connection.info('persistence')))
      await sleep(50);
    const [, dir = ''] = (await connection.config('GET', 'dir')) as string[];
    const [, folder = ''] = (await connection.config('GET', 'appenddirname')) as string[];
    const base = readdirSync(join(dir, folder)).find((name) => name.endsWith('.base.aof'));
    return commandsIn(readFileSync(join(dir, folder, base ?? '')));
  } finally {
    connection.disconnect();
  }
}

/** A record of a store in which nothing was on its way would prove nothing. */
async function mustHold(connection: Valkey): Promise<void> {
  const infos = await groupInfos(connection, 'game:feed');
  const pending = infos.filter((info) => info.pending > 0).map(({ name }) => name);
  const waiting = infos.filter((info) => info.lag !== 0).map(({ name }) => name);
  process.stderr.write(`record: pending in ${pending.join(', ')}; not read by ${waiting.join(', ')}\n`);
  // Those that were stopped have either been handed what came last or not asked for it yet.
  const left = [...pending, ...waiting];
  if (pending.length === 0 || !['game-master', 'projector'].every((group) => left.includes(group)))
    throw new Error('too little was on its way');
  if ((await connection.zcard('game:timers')) === 0) throw new Error('no timer is set');
}

/** `*2\r\n$3\r\nGET\r\n$1\r\na\r\n` is one of them. */
function commandsIn(bytes: Buffer): StoredCommand[] {
  const commands: StoredCommand[] = [];
  let at = 0;
  const count = (sign: string): number => {
    const end = bytes.indexOf('\r\n', at);
    const line = bytes.toString('latin1', at, end);
    at = end + 2;
    // `#TS:…` notes the time between two commands.
    if (line.startsWith('#')) return count(sign);
    if (!line.startsWith(sign)) throw new Error(`no command at ${at}: ${line}`);
    return Number(line.slice(1));
  };
  while (at < bytes.length) {
    commands.push(
      Array.from({ length: count('*') }, () => {
        const length = count('$');
        const part = bytes.subarray(at, at + length);
        at += length + 2;
        const text = part.toString('utf8');
        return Buffer.from(text).equals(part) ? text : { b64: part.toString('base64') };
      }),
    );
  }
  return commands;
}

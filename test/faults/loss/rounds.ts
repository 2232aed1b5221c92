// One round of each fault under a setting: commands are sent, the fault comes at a moment of chance, and what
// had been acknowledged by then is looked for in what is left.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Valkey } from '../../../streams/parts.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { kept, load } from './load.ts';
import type { Fault, Setting } from './settings.ts';
import { type LossValkey, startValkey } from './valkey.ts';

export interface Round {
  readonly acknowledged: number;
  readonly lost: number;
  /** Commands that stand in the log more than once. */
  readonly doubled: number;
  /** How long before the fault the oldest that is lost was acknowledged. */
  readonly lostMs: number;
}

/** Acknowledged commands with their moments. */
type Acknowledged = Map<string, number>;

interface Struck {
  readonly acknowledged: Acknowledged;
  /** The moment of the fault. */
  readonly at: number;
}

const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
// Hundreds of writers are started.
const compileCache = fileURLToPath(new URL('../../../.arena/compile-cache', import.meta.url));
const between = (from: number, to: number): number => from + Math.random() * (to - from);

export async function playRound(fault: Fault, setting: Setting): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-loss-'));
  const running: Pair[] = [];
  try {
    const pair = await startPair(setting, { folder, traced: fault === 'power' });
    running.push(pair);
    return await rounds[fault](pair, setting);
  } finally {
    for (const { stop } of running) await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Pair {
  /** Of its streams, so that no other store is taken for this one. */
  readonly name: string;
  readonly folder: string;
  readonly primary: LossValkey;
  readonly replica: LossValkey | null;
  /** The replica hears no more of the primary, and neither knows. */
  cutLink(): void;
  stop(): Promise<void>;
}

async function startPair(
  { appendfsync, replica }: Setting,
  { folder, traced }: { readonly folder: string; readonly traced: boolean },
): Promise<Pair> {
  const primary = await startValkey({ folder: join(folder, 'primary'), appendfsync, traced });
  const proxy = replica ? await startTcpProxy(primary.port) : null;
  const replicaOf = proxy === null ? 0 : Number(new URL(proxy.url).port);
  const follower =
    proxy === null ? null : await startValkey({ folder: join(folder, 'replica'), appendfsync, replicaOf });
  while (
    follower !== null &&
    !(await follower.commands.info('replication')).includes('master_link_status:up')
  ) {
    await sleep(20);
  }
  return {
    name: randomUUID(),
    folder,
    primary,
    replica: follower,
    cutLink: () => proxy?.swallow(),
    async stop() {
      await Promise.all([primary.kill(), follower?.kill()]);
      await proxy?.stop();
    },
  };
}

const rounds: Readonly<Record<Fault, (pair: Pair, setting: Setting) => Promise<Round>>> = {
  async process({ name, primary }, { replicated }) {
    const acknowledged: Acknowledged = new Map();
    const args = [writer, primary.url, replicated ? 'replicated' : 'disk', name];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    });
    let rest = '';
    child.stdout.on('data', (chunk) => {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) acknowledged.set(line, performance.now());
    });
    await once(child.stdout, 'data');
    await sleep(between(50, 400));
    const at = performance.now();
    child.kill('SIGKILL');
    await once(child, 'close');
    return judge(primary.commands, name, { acknowledged, at });
  },
  async valkey(pair, setting) {
    const struck = await loadUntil(pair, setting, async ({ primary }) => {
      await sleep(between(100, 1_500));
      return primary.kill();
    });
    return judgeRestarted(pair, struck);
  },
  async power(pair, setting) {
    const struck = await loadUntil(pair, setting, async ({ primary }) => {
      await sleep(between(100, 2_500));
      return primary.cutPower();
    });
    return judgeRestarted(pair, struck);
  },
  async failover(pair, setting) {
    const struck = await loadUntil(pair, setting, async ({ primary }) => {
      await sleep(between(100, 1_000));
      return primary.kill();
    });
    return judgePromoted(pair, struck);
  },
  async cutLink(pair, setting) {
    const struck = await loadUntil(pair, setting, async ({ primary, cutLink }) => {
      await sleep(between(100, 1_000));
      cutLink();
      await sleep(between(100, 800));
      return primary.kill();
    });
    return judgePromoted(pair, struck);
  },
};

/** Commands are sent until the fault has come. */
async function loadUntil(
  pair: Pair,
  { replicated }: Setting,
  strike: (pair: Pair) => Promise<void>,
): Promise<Struck> {
  const acknowledged: Acknowledged = new Map();
  const stop = new AbortController();
  const first = Promise.withResolvers<void>();
  const loading = load({
    url: pair.primary.url,
    replicated,
    name: pair.name,
    signal: stop.signal,
    acknowledged: (what) => {
      acknowledged.set(what, performance.now());
      first.resolve();
    },
  });
  await Promise.race([first.promise, loading, pair.primary.broken]);
  await strike(pair);
  const at = performance.now();
  stop.abort();
  await loading;
  return { acknowledged, at };
}

async function judgeRestarted({ name, folder }: Pair, struck: Struck): Promise<Round> {
  const again = await startValkey({ folder: join(folder, 'primary'), appendfsync: 'always' });
  return judge(again.commands, name, struck).finally(again.kill);
}

async function judgePromoted({ name, replica }: Pair, struck: Struck): Promise<Round> {
  if (replica === null) throw new Error('nothing can take over');
  await replica.commands.replicaof('NO', 'ONE');
  return judge(replica.commands, name, struck);
}

async function judge(commands: Valkey, name: string, { acknowledged, at }: Struck): Promise<Round> {
  const found = await kept(commands, name);
  const lost = [...acknowledged].filter(([what]) => !found.has(what));
  return {
    acknowledged: acknowledged.size,
    lost: lost.length,
    doubled: [...found.values()].filter((count) => count > 1).length,
    lostMs: lost.length === 0 ? 0 : Math.max(0, at - Math.min(...lost.map(([, moment]) => moment))),
  };
}

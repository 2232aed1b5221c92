// What the model has to know of this machine and of an answer besides its CPU: a wait for the disk, the
// bytes of a commit on the wire, in memory and in the append-only file, and how much the machine does for
// others.

import { readFileSync } from 'node:fs';
import { openStore, silentReport } from '../../../streams/engine.ts';
import { connect, untilReady, type Valkey } from '../../../streams/parts.ts';
import { startTestValkey } from '../../support/valkey.ts';
import { openRoom } from '../engine/answers.ts';
import { percentile } from '../support/figures.ts';
import { many } from '../support/interleaved.ts';

const answers = 20_000;
const writes = 300;
// Valkey reads so much of one connection at a time.
const readBytes = 16 * 1_024;

export interface Calibration {
  readonly diskUs: number;
  readonly readAtOnce: number;
  readonly memoryBytes: number;
  readonly fileBytes: number;
}

/** Two stores alternate, one of which waits for its disk: what differs is the disk's. */
export async function calibrate(): Promise<Calibration> {
  return onValkey('always', (url, durable) =>
    onValkey('everysec', async (_url, lazy) => {
      const waits = { durable: [] as number[], lazy: [] as number[] };
      for (let at = 0; at < writes; at++) {
        waits.durable.push(await writeUs(durable));
        waits.lazy.push(await writeUs(lazy));
      }
      // The quicker ones tell less of what else the machine did.
      const quick = (some: readonly number[]) => percentile(some, 0.25);
      return {
        diskUs: Math.max(0, quick(waits.durable) - quick(waits.lazy)),
        ...(await weigh(url, durable)),
      };
    }),
  );
}

async function onValkey<T>(fsync: string, work: (url: string, commands: Valkey) => Promise<T>): Promise<T> {
  const valkey = await startTestValkey(['--appendfsync', fsync]);
  const commands = connect(valkey.url, 'bench');
  try {
    await untilReady(commands, AbortSignal.timeout(10_000));
    return await work(valkey.url, commands);
  } finally {
    commands.disconnect();
    await valkey.stop();
  }
}

async function writeUs(commands: Valkey): Promise<number> {
  const since = performance.now();
  await commands.xadd('calibration', '*', 'e', 'x'.repeat(400));
  return (performance.now() - since) * 1_000;
}

async function weigh(url: string, commands: Valkey): Promise<Omit<Calibration, 'diskUs'>> {
  const store = await openStore(url, AbortSignal.timeout(10_000), silentReport);
  const { answer, close } = await openRoom(store, 'calibration');
  const before = await countersOf(commands);
  await many(answers, 256, answer);
  const after = await countersOf(commands);
  close();
  store.close();
  const each = (name: keyof typeof before) => (after[name] - before[name]) / answers;
  return {
    // A call may bring many commits; what is smaller than a read comes together with others.
    readAtOnce: Math.max(1, Math.floor(readBytes / each('received')), Math.round(1 / each('calls'))),
    memoryBytes: each('memory'),
    fileBytes: each('file'),
  };
}

async function countersOf(commands: Valkey) {
  const info = await commands.info('everything');
  const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  return {
    calls: Number(/^cmdstat_fcall:calls=(\d+)/m.exec(info)?.[1] ?? 0),
    received: of('total_net_input_bytes'),
    memory: of('used_memory'),
    file: of('aof_current_size'),
  };
}

/** CPU time that all processes of the machine have had so far, in us, all cores together. Linux alone. */
export function machineBusyUs(stat = readFileSync('/proc/stat', 'utf8')): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (stat.split('\n')[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * 10_000;
}

/** CPU of this process and of all children that have ended, in us. Linux alone. */
export function ownCpuUs(stat = readFileSync('/proc/self/stat', 'utf8')): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * 10_000;
}

// The end of a soak: agents handle what is left, every room leaves, the stack ends in order, and then its
// data is loaded once more: what is still there is left over.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../server/setup/embedded-valkey.ts';
import { groupInfos } from '../../../streams/admin.ts';
import { connect, untilReady, type Valkey } from '../../../streams/parts.ts';
import type { Life } from '../../bench/start/life.ts';
import { startCrashing } from '../../support/crashing-valkey.ts';
import { type Census, censusOf } from './census.ts';
import { retain } from './retaining.ts';

export interface Ending {
  readonly retired: number;
  /** Of each group, once all had gone: entries not read, entries not acknowledged, consumers. */
  readonly groups: readonly {
    readonly name: string;
    readonly lag: number;
    readonly pending: number;
    readonly consumers: number;
  }[];
  readonly timers: number;
  readonly deadLetters: number;
  readonly census: Census;
}

interface Ended {
  readonly life: Life;
  readonly commands: Valkey;
  readonly dataDir: string;
  readonly archive: string;
}

const drainMsMax = 120_000;

export async function settle({ life, commands, dataDir, archive }: Ended): Promise<Ending> {
  let retired = 0;
  const late = performance.now() + drainMsMax;
  const busy = async () =>
    (await groupInfos(commands, 'game:feed')).some(({ lag, pending }) => lag + pending > 0) ||
    (await commands.hlen('game:rooms')) > 0;
  while ((await busy()) && performance.now() < late) {
    retired += await retain({ dataDir, archive }, 0);
    await sleep(1_000);
  }
  commands.disconnect();
  await life.stop();
  return { retired, ...(await leftIn(dataDir)) };
}

/** Of a copy, so that nothing is served while it is looked at. */
async function leftIn(dataDir: string): Promise<Omit<Ending, 'retired'>> {
  const copy = `${dataDir}-left`;
  await cp(join(dataDir, 'data'), join(copy, 'data'), { recursive: true });
  const server = await startCrashing(copy, await freePort());
  const commands = connect(server.url, 'soak');
  await untilReady(commands, AbortSignal.timeout(60_000));
  try {
    return {
      groups: await groupInfos(commands, 'game:feed'),
      timers: await commands.zcard('game:timers'),
      deadLetters: await commands.xlen('game:dead'),
      census: await censusOf(commands),
    };
  } finally {
    commands.disconnect();
    await server.kill();
  }
}

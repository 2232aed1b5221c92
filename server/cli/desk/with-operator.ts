// An operator in a terminal: a connection for as long as one verb takes, under the name of the person.

import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { Fault, openStore, silentReport } from '../../../streams/engine.ts';
import { awayOr } from '../../../streams/parts.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import type { Config } from '../../config/config.ts';
import { firstOf, valkeyUrl } from '../../config/valkey-url.ts';
import { type Operator, operatorOn } from '../../operate/operator.ts';
import { troubleAt } from '../../operate/store-trouble.ts';
import { diskTrouble } from '../../setup/disk.ts';
import { openGame } from '../../wiring/game-stream.ts';

const connectMsMax = 5_000;

/**
 * Runs with a connection that is closed afterwards.
 * @throws CannotStart when the store does not answer; NoValkeyYet when there is none; Fault `unavailable`
 * when it goes away meanwhile; and what the work throws.
 */
export async function withOperator<T>(config: Config, work: (operator: Operator) => Promise<T>): Promise<T> {
  const url = await valkeyUrl(config);
  const signal = AbortSignal.timeout(connectMsMax);
  const silent = async (cause: unknown) => {
    if (cause instanceof Fault && !cause.retryable) throw cause;
    // No address is set, so it is the Valkey of this folder, and there is no address to correct.
    if (config.valkey.url === null) {
      const disk = await diskTrouble(join(config.valkey.dataDir, 'data'));
      const why = disk === null ? 'npm start' : `${disk}. Free some space, then: npm start`;
      throw new CannotStart(`The Valkey of this folder is not running: ${why}`, { cause });
    }
    const trouble = await troubleAt(firstOf(url));
    throw new CannotStart(trouble?.said ?? 'Valkey does not answer.', { cause });
  };
  const store = await openStore(url, signal, silentReport).catch(silent);
  const opened = openGame(store, { name: 'arena-operator' });
  try {
    await opened.ready(signal).catch(silent);
    return await work(operatorOn(opened, whoAmI()));
  } catch (error) {
    throw awayOr(error);
  } finally {
    opened.close();
    store.close();
  }
}

function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user of a container has no name.
    return `${process.getuid?.() ?? '?'}@${hostname()}`;
  }
}

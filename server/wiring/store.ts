// Opens the configured store. A process that starts before its Valkey waits for it and says what it waits
// for. Trouble that does not pass by waiting, or a store that is not fit to keep a game, ends the start.

import type { Logger } from 'pino';
import { openStore, type Store, silentReport } from '../../streams/engine.ts';
import { repeat, untilReady } from '../../streams/parts.ts';
import { CannotStart } from '../config/cannot-start.ts';
import type { Finding } from '../operate/finding.ts';
import { preflightOf, replicasOf } from '../operate/preflight.ts';
import { troubleAt } from '../operate/store-trouble.ts';
import { createGameKeys } from '../stores/keys.ts';

const patienceMs = 1_000;
const againMs = 5_000;

/**
 * The store, or null when the signal came first. `replicated`: what is acknowledged has to be on a replica.
 * @throws CannotStart with what is wrong and its cure.
 */
export async function storeFor(
  url: string,
  signal: AbortSignal,
  log: Logger,
  { replicated } = { replicated: false },
): Promise<Store | null> {
  const done = new AbortController();
  const given = new AbortController();
  const until = AbortSignal.any([signal, given.signal]);
  void sayWhatIsWrong(url, log, { done: done.signal, giveUp: (error) => given.abort(error) });
  let store: Store | null = null;
  try {
    store = await openStore(url, until, silentReport);
    for (const { what, cure } of await refuseUnfit(store, until, replicated)) {
      log.warn(`Valkey: ${what}. ${cure ?? ''}`);
    }
    return store;
  } catch (error) {
    store?.close();
    if (signal.aborted) return null;
    throw error;
  } finally {
    done.abort();
  }
}

interface Watching {
  readonly done: AbortSignal;
  readonly giveUp: (error: CannotStart) => void;
}

/** Logs each trouble once, however long it lasts. Of several nodes one that answers is enough. */
async function sayWhatIsWrong(url: string, log: Logger, { done, giveUp }: Watching): Promise<void> {
  const urls = url.split(',').map((one) => one.trim());
  let said = '';
  const look = async () => {
    const troubles = await Promise.all(urls.map(troubleAt));
    const [first] = troubles;
    if (done.aborted || first === undefined || first === null) return againMs;
    if (troubles.every((trouble) => trouble?.final === true)) {
      giveUp(new CannotStart(first.said));
      return null;
    }
    if (first.said !== said) log.warn(first.said);
    said = first.said;
    return againMs;
  };
  await repeat(done, look, { firstMs: patienceMs });
}

/**
 * What is wrong with a store that can serve all the same.
 * @throws CannotStart with what is wrong with one that cannot.
 */
export async function refuseUnfit(
  store: Store,
  signal: AbortSignal,
  replicated = false,
): Promise<readonly Finding[]> {
  const connection = store.connect('arena-start');
  try {
    await untilReady(connection, signal);
    const findings = await preflightOf(connection, createGameKeys(store));
    if (replicated) findings.push(...(await replicasOf(connection)));
    const worst = findings.find(({ fatal }) => fatal === true);
    if (worst !== undefined) throw new CannotStart(`Valkey: ${worst.what}. ${worst.cure ?? ''}`);
    return findings.filter(({ mood }) => mood === 'bad');
  } finally {
    connection.disconnect();
  }
}

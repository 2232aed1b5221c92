// What the server and the agents begin and end alike: the limits are looked at, the log is opened, the store
// is waited for, telemetry is opened; and all of it is closed again in reverse.

import type { Logger } from 'pino';
import type { Store } from '../../streams/engine.ts';
import { assertAllLimits } from '../config/assert-limits.ts';
import type { Config } from '../config/config.ts';
import { valkeyUrl } from '../config/valkey-url.ts';
import { version } from '../config/version.ts';
import { createLog } from '../telemetry/log.ts';
import { type OpenTelemetry, openTelemetry, type Service } from '../telemetry/open.ts';
import { storeFor } from './store.ts';

export interface Ground {
  readonly store: Store;
  readonly log: Logger;
  readonly telemetry: OpenTelemetry;
  readonly service: Service;
}

export interface Program extends Pick<Service, 'name' | 'instance'> {
  /** What is acknowledged has to be on a replica. */
  readonly replicated: boolean;
  /** Fields of every line of its log. */
  readonly marks: Readonly<Record<string, string>>;
}

/**
 * Runs `work` on an open store, and closes all of it when `work` ends. When the signal comes before the store
 * answers, `work` is not called.
 * @throws NoValkeyYet, CannotStart when the store can never serve, and what the work throws.
 */
export async function withStore(
  config: Config,
  { name, instance, replicated, marks }: Program,
  signal: AbortSignal,
  work: (ground: Ground) => Promise<void>,
): Promise<void> {
  assertAllLimits();
  const url = await valkeyUrl(config);
  const log = createLog(config.log, url).child(marks);
  const store = await storeFor(url, signal, log, { replicated });
  if (store === null) return;
  try {
    const service = { name, instance, version };
    const telemetry = await openTelemetry(config.telemetry, service, log);
    store.tellTo(telemetry.shortfalls.tell);
    await work({ store, log, telemetry, service }).finally(telemetry.close);
  } finally {
    store.close();
  }
  log.info('stopped');
}

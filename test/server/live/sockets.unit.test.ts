// The sockets of a server that ends: all clients are told to come back, however many there are.

import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { limits } from '../../../core/limits.ts';
import { subprotocol } from '../../../core/protocol.ts';
import { createAddressLimits } from '../../../server/live/budgets.ts';
import type { LiveDeps } from '../../../server/live/session.ts';
import { createSockets } from '../../../server/live/sockets.ts';
import { newTraffic } from '../../../server/live/traffic.ts';
import { noTelemetry } from '../../../streams/trace/telemetry.ts';

/** Closes as soon as it is told to. */
class Socket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly protocol = subprotocol;
  readonly _socket = { writableLength: 0, write: () => true };
  close(code: number): void {
    this.readyState = 3;
    this.emit('close', code);
  }
}

test('thousands are told to come back within the time that an end has, and not all at once', async () => {
  const traffic = newTraffic();
  const deps = { addresses: createAddressLimits(), traffic, telemetry: noTelemetry, clock: () => 0 };
  const sockets = createSockets(deps as unknown as LiveDeps);
  for (let n = 0; n < 4_000; n++) sockets.accept(new Socket() as unknown as WebSocket, `192.0.2.${n % 250}`);
  const startedAt = performance.now();
  const closing = sockets.close();
  expect(sockets.count()).toBeGreaterThan(2_000);
  await closing;
  expect(traffic.closes).toEqual(new Map([[4001, 4_000]]));
  expect(performance.now() - startedAt).toBeLessThan(limits.farewellSpreadMs + limits.farewellWaitMs);
});

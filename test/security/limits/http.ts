// What is asked over HTTP, of the routes themselves on a log in memory: what a request comes to.

import { Hono } from 'hono';
import { defaultSettings } from '../../../core/settings.ts';
import { readConfig } from '../../../server/config/config.ts';
import { proxiesOf } from '../../../server/http/address-of.ts';
import { type AppDeps, createApp } from '../../../server/http/app.ts';
import { createAddressLimits } from '../../../server/live/budgets.ts';
import { createOps, type OpsDeps } from '../../../server/ops/api.ts';
import { gameStream } from '../../../server/wiring/game-stream.ts';
import { Fault } from '../../../streams/engine.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import { createMemoryLog } from '../../../streams/testing/memory-log.ts';
import { noTracer } from '../../../streams/trace/telemetry.ts';
import { pace } from '../../support/engine.ts';

const bug = (error: unknown): never => {
  throw error;
};
const { http } = readConfig({});

function aServer(): Hono {
  const deps = {
    ...{ http, game: { pace }, defaults: defaultSettings, tracer: noTracer, proxies: proxiesOf(http), bug },
    ...{ ops: new Hono(), metrics: new Hono(), addresses: createAddressLimits(), assets: new Map() },
    rooms: createCommandHandler(createMemoryLog(gameStream), gameStream),
    pepper: async () => 'pepper',
    unentered: { whyWait: async () => 0, expect: async () => 0, made: () => undefined },
    ...{ clock: () => 0, note: () => undefined, complain: () => undefined },
  };
  return createApp(deps as unknown as AppDeps) as unknown as Hono;
}

async function cameOf(reply: Response): Promise<unknown> {
  if (reply.ok) return 'taken';
  return ((await reply.json()) as { readonly err: { readonly code: string } }).err.code;
}

/** A wish for a room, and what it comes to. */
export const roomFor = async (body: string, headers: Record<string, string> = {}): Promise<unknown> =>
  cameOf(await aServer().request('/api/rooms', { method: 'POST', body, headers }));

/** What the last of so many wishes comes to, each of which is no JSON. */
export async function lastOfWishes(count: number): Promise<unknown> {
  const server = aServer();
  let last: unknown;
  for (let n = 0; n < count; n++) {
    last = await cameOf(await server.request('/api/rooms', { method: 'POST', body: 'no' }));
  }
  return last;
}

const token = 'the token of the desk';
// Whatever the desk asks of a store is refused so: a wish that comes so far was taken.
const noStore = new Proxy(
  {},
  {
    get() {
      throw new Fault('unavailable', 'there is no store here', { retryable: true });
    },
  },
);

/** A wish of an operator, and what it comes to. */
export async function deskFor(
  path: string,
  wish: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const access = { token, proxied: false, complain: () => undefined };
  const desk = createOps({ ...access, operator: noStore, bug } as unknown as OpsDeps);
  const came = await cameOf(
    await desk.request(path, {
      method: 'POST',
      body: typeof wish === 'string' ? wish : JSON.stringify(wish),
      headers: { authorization: `Bearer ${token}`, ...headers },
    }),
  );
  return came === 'unavailable' ? 'taken' : came;
}

export const inABody = (bytes: number): string => `{"seconds":10}`.padEnd(bytes);
export const frameOf = (bytes: number): string => '{"id":1,"t":"ping"}'.padEnd(bytes);

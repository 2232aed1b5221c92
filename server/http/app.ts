// All routes: rooms, health and the pages; WebSockets come in by `door.ts`. It is handed all that it needs
// and does not listen itself, so tests ask it with `app.request()`.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { ErrorCode } from '../../core/errors.ts';
import type { Game } from '../../core/game.ts';
import { GameId, RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { MadeRoom, Topics } from '../../core/messages.ts';
import type { BoardStore } from '../../core/past-game.ts';
import { stateView } from '../../core/player-view.ts';
import { changeSettings, type Settings, SettingsChange } from '../../core/settings.ts';
import { questionOf } from '../../core/state.ts';
import { isAway } from '../../streams/engine.ts';
import type { CommandHandler, Tracer } from '../../streams/parts.ts';
import type { Config } from '../config/config.ts';
import { type Health, isReady } from '../health/health.ts';
import type { AddressLimits } from '../live/budgets.ts';
import { failure, firstIssue } from '../live/reply.ts';
import { createRoom } from '../rooms/create-room.ts';
import type { Unentered } from '../rooms/unentered.ts';
import { type HttpWatch, type Traced, traceHttp } from '../telemetry/request-spans.ts';
import { clientAddressOf, type Proxies } from './address-of.ts';
import { bodyText, ClientGone } from './body.ts';
import type { Complain } from './complaints.ts';
import { socketPath } from './door.ts';
import { headersFor } from './headers.ts';
import { idempotencyKey } from './intent-of.ts';

export type Assets = ReadonlyMap<string, { readonly body: Uint8Array; readonly type: string }>;

export interface AppDeps {
  readonly http: Pick<Config['http'], 'publicUrl' | 'allowedOrigins' | 'behindTls'>;
  readonly game: Config['game'];
  readonly defaults: Settings;
  readonly rooms: CommandHandler<Game>;
  /**
   * A secret of the store: room codes and tokens follow from it and a client's nonce, so others cannot
   * compute them.
   */
  readonly pepper: () => Promise<string>;
  readonly tracer: Tracer;
  readonly boardStore: Pick<BoardStore, 'boards' | 'game'>;
  /** Topics that people choose from. */
  readonly topics: readonly string[];
  /** Whether a researcher finds claims on any topic, or only on those. */
  readonly anyTopic: boolean;
  /** The operator's desk. */
  readonly ops: Hono;
  /** Measurements, for Prometheus. */
  readonly metrics: Hono;
  readonly addresses: AddressLimits;
  readonly unentered: Pick<Unentered, 'whyWait' | 'expect' | 'made'>;
  readonly proxies: Proxies;
  readonly complain: Complain;
  readonly assets: Assets;
  readonly health: () => Promise<Health>;
  readonly clock: () => number;
  /** Told of each request, but not of its content. */
  readonly note: HttpWatch['note'];
  readonly bug: (error: unknown) => void;
}

const statusOf: Partial<Record<ErrorCode, 400 | 404 | 413 | 422 | 429 | 500 | 503>> = {
  key_reused: 422,
  room_not_found: 404,
  game_not_found: 404,
  rate_limited: 429,
  payload_too_large: 413,
  internal: 500,
  unavailable: 503,
};

function problem(c: Context, code: ErrorCode, detail?: string | null, retryAfterMs?: number): Response {
  return c.json(failure(code, detail, retryAfterMs), statusOf[code] ?? 400);
}

export function createApp(deps: AppDeps): Hono<Traced> {
  const app = new Hono<Traced>({ strict: false });
  app.use(headersFor(deps.http));
  app.onError((error, c) => {
    if (error instanceof ClientGone) return goneAway(c, deps);
    if (isAway(error)) return problem(c, 'unavailable');
    deps.bug(error);
    return problem(c, 'internal');
  });
  app.get('/health', async (c) => {
    const health = await deps.health();
    return c.json(health, health.writable ? 200 : 503);
  });
  app.get('/ready', async (c) => {
    const health = await deps.health();
    const ready = isReady(health);
    return c.json({ ready, degraded: health.degraded }, ready ? 200 : 503);
  });
  app.use('/api/*', traceHttp(deps));
  app.post('/api/rooms', (c) => postRoom(c, deps));
  app.get('/api/rooms/:room', (c) => getRoom(c, deps));
  const topics: Topics = { topics: deps.topics, any: deps.anyTopic };
  app.get('/api/topics', (c) => c.json(topics));
  app.get('/api/boards', async (c) => c.json(await deps.boardStore.boards()));
  app.get('/api/games/:game', (c) => getGame(c, deps));
  app.route('/api/ops', deps.ops);
  app.route('/metrics', deps.metrics);
  app.get(socketPath, (c) => notUpgraded(c, deps));
  for (const path of pages) app.get(path, (c) => asset(c, deps.assets, '/'));
  for (const path of ['/assets/:name', '/docs', '/docs/:name']) {
    app.get(path, (c) => asset(c, deps.assets, c.req.path));
  }
  return app;
}

// Every screen is the same document; what it shows follows from its path.
const pages = [
  '/',
  '/j',
  '/j/:room',
  '/host/:room',
  '/screen/:room',
  '/boards',
  '/g/:game',
  '/ops',
  '/ops/:room',
];

const Nonce = z.string().min(limits.nonceCharsMin).max(limits.nonceCharsMax);
const RoomRequest = SettingsChange.extend({
  trial: z.boolean().default(false),
  nonce: Nonce.optional(),
}).strict();

async function postRoom(c: Context, deps: AppDeps): Promise<Response> {
  const address = clientAddressOf(c, deps);
  if (!deps.addresses.rooms.count(address, deps.clock())) return problem(c, 'rate_limited');
  const ownMs = await deps.unentered.whyWait(address);
  if (ownMs > 0) return problem(c, 'rate_limited', 'enter the rooms you made first', ownMs);
  const body = await readBody(c);
  if (body === null) return problem(c, 'payload_too_large');
  const parsed = RoomRequest.safeParse(body.json);
  if (!parsed.success) {
    const code = body.json === undefined ? 'invalid_json' : 'invalid_payload';
    return problem(c, code, firstIssue(parsed.error));
  }
  const { trial, nonce = idempotencyKey(c), ...change } = parsed.data;
  if (nonce !== undefined && !Nonce.safeParse(nonce).success) {
    return problem(c, 'invalid_payload', `/idempotency-key: ${limits.nonceCharsMin} or more characters`);
  }
  const settings = changeSettings(deps.defaults, change);
  const wish = { settings, pace: deps.game.pace, trial };
  const intent = nonce === undefined ? null : { nonce, content: { ...change, trial } };
  const made = await createRoom(deps, wish, intent);
  if ('refused' in made) {
    const waitMs = made.refused === 'rate_limited' ? made.waitMs : undefined;
    return problem(c, made.refused, null, waitMs);
  }
  const { room, hostToken } = made;
  deps.unentered.made(room, address);
  const joinUrl = `${deps.http.publicUrl.replace(/\/$/, '')}/j/${room}`;
  return c.json({ room, hostToken, joinUrl } satisfies MadeRoom, 201);
}

/** Null when the body is too long. `json`: undefined when it is no JSON, an empty object when it is empty. */
async function readBody(c: Context): Promise<{ json: unknown } | null> {
  const text = await bodyText(c);
  if (text === null) return null;
  try {
    return { json: text === '' ? {} : JSON.parse(text) };
  } catch {
    return { json: undefined };
  }
}

async function getRoom(c: Context<Traced>, deps: AppDeps): Promise<Response> {
  const { rooms, addresses, clock } = deps;
  if (!addresses.guesses.allows(clientAddressOf(c, deps), clock())) return problem(c, 'rate_limited');
  const code = RoomCode.safeParse(c.req.param('room'));
  const state = code.success ? (await rooms.load(code.data)).state : null;
  if (state === null || state.phase === 'none') {
    addresses.guesses.count(clientAddressOf(c, deps), clock());
    return problem(c, 'room_not_found');
  }
  const question = questionOf(state);
  if (question !== null) c.set('round', question.traceparent);
  return c.json(stateView(state, null));
}

async function getGame(c: Context, { boardStore }: AppDeps): Promise<Response> {
  const id = GameId.safeParse(c.req.param('game'));
  const game = id.success ? await boardStore.game(id.data) : null;
  return game === null ? problem(c, 'game_not_found') : c.json(game);
}

/** A request for a WebSocket that is none, since all others go to the door. */
function notUpgraded(c: Context, { complain }: AppDeps): Response {
  complain(
    'upgrade',
    '/ws was asked for by plain HTTP: a proxy in between must pass on the headers Upgrade and Connection, by HTTP/1.1',
    { host: c.req.header('host'), via: c.req.header('via') ?? null },
  );
  return c.text('Here is a WebSocket.', 426, { upgrade: 'websocket' });
}

/** The client is gone and does not read this reply; its status is for the trace. */
function goneAway(c: Context, { note }: Pick<AppDeps, 'note'>): Response {
  note('client gone', { method: c.req.method, path: c.req.path });
  return c.body(null, 400);
}

function asset(c: Context, assets: Assets, path: string): Response {
  const found = assets.get(path);
  if (found === undefined) return c.text('There is nothing here.', 404);
  // The names of assets carry a hash of their content, so browsers may keep them for ever. Pages change.
  const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return c.body(Uint8Array.from(found.body), 200, { 'content-type': found.type, 'cache-control': cache });
}

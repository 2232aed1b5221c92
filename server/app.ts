// Everything over HTTP: rooms, health, the page, and the door of the WebSocket. Takes what it needs, listens
// to nothing itself: tests ask it with `app.request()`.

import { upgradeWebSocket } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { WebSocket } from 'ws';
import type { ErrorCode } from '../core/errors.ts';
import { GameId, RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { HallOfFame } from '../core/past-game.ts';
import { stateView } from '../core/player-view.ts';
import { isAway, type Rooms } from '../core/ports.ts';
import { changeSettings, type Settings, SettingsChange } from '../core/settings.ts';
import type { Tracer } from '../core/telemetry.ts';
import type { Config } from './config.ts';
import { createRoom } from './create-room.ts';
import { type Health, isReady } from './health.ts';
import type { AddressLimits } from './live/budgets.ts';
import { failure, firstIssue } from './live/reply.ts';
import { originAllowed } from './origin.ts';
import { traceHttp } from './telemetry/request-spans.ts';

export type Assets = ReadonlyMap<string, { readonly body: Uint8Array; readonly type: string }>;

export interface AppDeps {
  readonly http: Pick<Config['http'], 'publicUrl' | 'allowedOrigins'>;
  readonly game: Config['game'];
  readonly defaults: Settings;
  readonly rooms: Rooms;
  readonly tracer: Tracer;
  readonly hall: Pick<HallOfFame, 'boards' | 'game'>;
  /** Topics that people choose from. */
  readonly topics: readonly string[];
  /** The operator's desk. */
  readonly ops: Hono;
  /** Measurements, for Prometheus. */
  readonly metrics: Hono;
  readonly addresses: AddressLimits;
  readonly assets: Assets;
  readonly health: () => Promise<Health>;
  /** Takes a socket that has come through the door. */
  readonly accept: (ws: WebSocket, address: string) => void;
  readonly clock: () => number;
  readonly bug: (error: unknown) => void;
}

const statusOf: Partial<Record<ErrorCode, 400 | 404 | 413 | 429 | 500 | 503>> = {
  room_not_found: 404,
  game_not_found: 404,
  rate_limited: 429,
  payload_too_large: 413,
  internal: 500,
  unavailable: 503,
};

function problem(c: Context, code: ErrorCode, detail?: string): Response {
  return c.json(failure(code, detail), statusOf[code] ?? 400);
}

export function createApp(deps: AppDeps): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: policy, referrerPolicy: 'no-referrer' }));
  app.onError((error, c) => {
    if (isAway(error)) return problem(c, 'unavailable');
    deps.bug(error);
    return problem(c, 'internal');
  });
  app.get('/health', async (c) => {
    const health = await deps.health();
    return c.json(health, health.reachable ? 200 : 503);
  });
  app.get('/ready', async (c) => {
    const health = await deps.health();
    return c.json({ ready: isReady(health) }, isReady(health) ? 200 : 503);
  });
  app.use('/api/*', traceHttp(deps.tracer));
  app.post('/api/rooms', (c) => postRoom(c, deps));
  app.get('/api/rooms/:room', (c) => getRoom(c, deps));
  app.get('/api/topics', (c) => c.json({ topics: deps.topics }));
  app.get('/api/boards', async (c) => c.json(await deps.hall.boards()));
  app.get('/api/games/:game', (c) => getGame(c, deps));
  app.route('/api/ops', deps.ops);
  app.route('/metrics', deps.metrics);
  app.get('/ws', (c, next) => guardDoor(c, deps) ?? next(), upgradeWebSocket(opening(deps)));
  for (const path of pages) app.get(path, (c) => asset(c, deps.assets, '/'));
  for (const path of ['/assets/:name', '/docs', '/docs/:name']) {
    app.get(path, (c) => asset(c, deps.assets, c.req.path));
  }
  return app;
}

// Every screen is the same document; what it shows follows from its path.
const pages = ['/', '/j/:room', '/host/:room', '/screen/:room', '/boards', '/g/:game', '/ops', '/ops/:room'];

// Scripts and styles come from this server alone, and never from inside the page.
const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'", 'ws:', 'wss:'],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown';
  } catch {
    // Asked without a socket, as tests do.
    return 'unknown';
  }
}

const RoomRequest = SettingsChange.strict();

async function postRoom(c: Context, deps: AppDeps): Promise<Response> {
  if (!deps.addresses.rooms.count(addressOf(c), deps.clock())) return problem(c, 'rate_limited');
  const body = await readBody(c);
  if (body === null) return problem(c, 'payload_too_large');
  const parsed = RoomRequest.safeParse(body.json);
  if (!parsed.success) {
    const code = body.json === undefined ? 'invalid_json' : 'invalid_payload';
    return problem(c, code, firstIssue(parsed.error));
  }
  const settings = changeSettings(deps.defaults, parsed.data);
  const { room, hostToken } = await createRoom(deps, settings, deps.game.pace);
  return c.json({ room, hostToken, joinUrl: `${deps.http.publicUrl.replace(/\/$/, '')}/j/${room}` }, 201);
}

/**
 * Null when the body is too long; `json` is undefined when it is no JSON, an empty object when it is empty.
 */
async function readBody(c: Context): Promise<{ json: unknown } | null> {
  if (Number(c.req.header('content-length') ?? 0) > limits.frameBytesMax) return null;
  const text = await c.req.text();
  if (text.length > limits.frameBytesMax) return null;
  try {
    return { json: text === '' ? {} : JSON.parse(text) };
  } catch {
    return { json: undefined };
  }
}

async function getRoom(c: Context, { rooms, addresses, clock }: AppDeps): Promise<Response> {
  if (!addresses.wrongRooms.allows(addressOf(c), clock())) return problem(c, 'rate_limited');
  const code = RoomCode.safeParse(c.req.param('room'));
  const state = code.success ? (await rooms.load(code.data)).state : null;
  if (state === null || state.phase === 'none') {
    addresses.wrongRooms.count(addressOf(c), clock());
    return problem(c, 'room_not_found');
  }
  return c.json(stateView(state, null));
}

async function getGame(c: Context, { hall }: AppDeps): Promise<Response> {
  const id = GameId.safeParse(c.req.param('game'));
  const game = id.success ? await hall.game(id.data) : null;
  return game === null ? problem(c, 'game_not_found') : c.json(game);
}

/** Only a bad origin is refused by HTTP: browsers tell their pages nothing of why an upgrade failed. */
function guardDoor(c: Context, { http }: AppDeps): Response | null {
  if (originAllowed(c.req.header('origin'), c.req.header('host'), http)) return null;
  return c.text('This page may not connect here.', 403);
}

function opening({ accept }: AppDeps) {
  return (c: Context) => {
    const address = addressOf(c);
    return {
      onOpen(_event: unknown, socket: { readonly raw?: unknown }) {
        accept(socket.raw as WebSocket, address);
      },
    };
  };
}

function asset(c: Context, assets: Assets, path: string): Response {
  const found = assets.get(path);
  if (found === undefined) return c.text('There is nothing here.', 404);
  // Names carry a hash of the content, so they may be kept for ever; the page that names them may not.
  const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return c.body(Uint8Array.from(found.body), 200, { 'content-type': found.type, 'cache-control': cache });
}

// The console's side of the server, under `/api/ops`: the same operations as the verbs of the terminal.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { RoomCode } from '../../core/ids.ts';
import { Fault, isAway } from '../../core/ports.ts';
import { readOperations } from '../../streams/operations.ts';
import type { Traffic } from '../live/traffic.ts';
import { drop, kindsOf, readLetters, requeue, select, whyNot } from '../operate/dead-letters.ts';
import { differencesOf } from '../operate/difference.ts';
import { examine } from '../operate/doctor.ts';
import { groupsOf } from '../operate/groups.ts';
import type { Operator } from '../operate/operator.ts';
import { foldTo, plain, readRoom, revisionOf } from '../operate/room-log.ts';
import { whyWaiting } from '../operate/why.ts';
import { addressOf, whyRefused } from './guard.ts';

export interface OpsDeps {
  readonly operator: Operator;
  readonly traffic: Traffic;
  /** Open sockets of this process. */
  readonly sockets: () => number;
  readonly token: string | null;
  readonly jaegerUrl: string | null;
  readonly bug: (error: unknown) => void;
}

export function createOps(deps: OpsDeps): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const why = whyRefused({ address: addressOf(c), header: (name) => c.req.header(name) }, deps.token);
    return why === null ? next() : c.json({ err: { code: 'forbidden', message: why, retry: false } }, 403);
  });
  app.onError((error, c) => {
    const known = error instanceof Fault;
    if (!known) deps.bug(error);
    const message = known ? error.message : 'Something went wrong here.';
    const code = known ? error.code : 'internal';
    return c.json({ err: { code, message, retry: isAway(error) } }, isAway(error) ? 503 : known ? 404 : 500);
  });
  app.get('/overview', async (c) => c.json(await overview(deps)));
  app.get('/rooms/:room/timeline', async (c) => c.json(await timeline(deps, roomOf(c))));
  app.get('/rooms/:room/at/:rev', async (c) => c.json(await moment(deps, roomOf(c), c.req.param('rev'))));
  app.get('/rooms/:room/why', async (c) => c.json(await whyWaiting(deps.operator, roomOf(c))));
  app.post('/dead/:action', async (c) => c.json(await actOnLetters(deps.operator, c)));
  return app;
}

function roomOf(c: Context): RoomCode {
  const room = RoomCode.safeParse((c.req.param('room') ?? '').toUpperCase());
  if (room.success) return room.data;
  throw new Fault('room_unknown', 'this is no room', { retryable: false });
}

const operationsShown = 20;

async function overview({ operator, traffic, sockets, jaegerUrl }: OpsDeps) {
  const { connection, keys, log } = operator;
  const lines = await Promise.all(keys.partitions.map(({ rooms }) => connection.hgetall(rooms)));
  const rooms = lines.flatMap((of) =>
    Object.entries(of).map(([room, text]) => ({ room, ...JSON.parse(text) })),
  );
  const letters = await readLetters(operator);
  return {
    now: await log.now(),
    jaegerUrl,
    rooms: rooms.sort((a, b) => b.at - a.at),
    groups: await groupsOf(operator),
    dead: kindsOf(letters),
    findings: await examine(operator),
    operations: await readOperations(connection, keys, operationsShown),
    traffic: {
      sockets: sockets(),
      opened: traffic.opened,
      pushes: traffic.pushes,
      closes: Object.fromEntries(traffic.closes),
    },
  };
}

/** Every event without its data, which `moment` has. */
async function timeline({ operator }: OpsDeps, room: RoomCode) {
  const events = await readRoom(operator.log, room);
  return events.map(({ rev, at, type, by, round, traceparent }) => ({
    rev,
    at,
    type,
    by,
    round,
    traceId: traceparent.split('-')[1] ?? '',
  }));
}

/** A room after a revision, the event that led there, and what it changed. */
async function moment({ operator }: OpsDeps, room: RoomCode, meant: string) {
  const events = await readRoom(operator.log, room);
  const rev = revisionOf(events, meant);
  const [before, after] = [plain(foldTo(events, rev - 1).state), plain(foldTo(events, rev).state)];
  return {
    rev,
    last: events.length,
    event: events[rev - 1] ?? null,
    state: after,
    changes: differencesOf(before, after),
  };
}

const Action = z.object({
  fingerprint: z.string().optional(),
  type: z.string().optional(),
  id: z.string().optional(),
  room: z.string().optional(),
  group: z.string().optional(),
  dryRun: z.boolean().default(false),
});

async function actOnLetters(operator: Operator, c: Context) {
  const parsed = Action.safeParse(await c.req.json().catch(() => null));
  const action = c.req.param('action');
  if (!parsed.success || (action !== 'requeue' && action !== 'drop')) {
    throw new Fault('no_such_action', 'this cannot be done with dead letters', { retryable: false });
  }
  const { dryRun, fingerprint, type, id, room, group } = parsed.data;
  const wish = {
    ...(fingerprint && { fingerprint }),
    ...(type && { type }),
    ...(id && { id }),
    ...(room && { room }),
    ...(group && { group }),
  };
  const selected = select(await readLetters(operator), wish, await operator.log.now());
  const able = action === 'drop' ? selected : selected.filter((letter) => whyNot(letter, false) === null);
  let done = 0;
  if (!dryRun)
    for (const letter of able) if (await (action === 'drop' ? drop : requeue)(operator, letter)) done += 1;
  return { selected: selected.length, able: able.length, done };
}

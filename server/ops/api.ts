// The console's side of the server, under `/api/ops`: the same operations as the verbs of the terminal.

import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { Fault, isAway, UnreadableEvent } from '../../streams/engine.ts';
import { awayOr, type Intent, readAfter, traceIdOf } from '../../streams/parts.ts';
import { bodyText, ClientGone } from '../http/body.ts';
import { idempotencyKey, intentOf } from '../http/intent-of.ts';
import type { Traffic } from '../live/traffic.ts';
import {
  type DeadLetter,
  drop,
  kindsOf,
  readLetters,
  requeue,
  type Selection,
  select,
  typesOf,
  whyNot,
} from '../operate/dead-letters.ts';
import { examine } from '../operate/doctor.ts';
import { groupsOf, overall } from '../operate/groups.ts';
import { once } from '../operate/once.ts';
import { roomOperations } from '../operate/operations.ts';
import type { Operator } from '../operate/operator.ts';
import { reportedClaims } from '../operate/reports.ts';
import { retractRound } from '../operate/retract.ts';
import { listRooms } from '../operate/room-list.ts';
import { readRoom, revisionOf, stepAt } from '../operate/room-log.ts';
import { verifyRoom } from '../operate/verify.ts';
import { whyWaiting } from '../operate/why.ts';
import { sentenceOf } from '../stores/refusals.ts';
import { type OpsAccess, refusalAt } from './guard.ts';

export interface OpsDeps extends OpsAccess {
  readonly operator: Operator;
  /** What this process is called. */
  readonly name: string;
  readonly traffic: Traffic;
  /** Open sockets of this process. */
  readonly sockets: () => number;
  readonly jaegerUrl: string | null;
  readonly bug: (error: unknown) => void;
}

export function createOps(deps: OpsDeps): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const why = refusalAt(c, deps);
    return why === null ? next() : c.json(refused('forbidden', why), 403);
  });
  app.onError((thrown, c) => {
    const error = awayOr(thrown);
    if (error instanceof ClientGone) return c.body(null, 400);
    // A room that cannot be read is no bug of ours, and an operator is who must know of it.
    const known = error instanceof Fault || error instanceof UnreadableEvent;
    if (!known) deps.bug(error);
    const message = known ? (sentenceOf(error) ?? error.message) : 'Something went wrong here.';
    const code = known ? error.code : 'internal';
    return c.json(refused(code, message, isAway(error)), statusOf(error));
  });
  app.get('/overview', async (c) => c.json(await overview(deps)));
  app.get('/rooms/:room/timeline', async (c) =>
    c.json(await timeline(deps, roomOf(c), asked(After, c.req.query('after') ?? 0))),
  );
  app.get('/rooms/:room/at/:rev', async (c) => c.json(await moment(deps, roomOf(c), c.req.param('rev'))));
  app.get('/rooms/:room/why', async (c) => c.json(await whyWaiting(deps.operator, roomOf(c))));
  app.get('/rooms/:room/verify', async (c) => c.json(await verifyRoom(deps.operator, roomOf(c))));
  app.post('/rooms/:room/retract', async (c) => {
    const wish = asked(Retract, await jsonOf(c));
    const intent = intentIn(c, { retract: roomOf(c), ...wish });
    return c.json(await retractRound(deps.operator, { room: roomOf(c), ...wish, ...intent }));
  });
  app.get('/reports', async (c) => c.json(await reportedClaims(deps.operator)));
  app.get('/dead', async (c) => c.json(await deadLetters(deps.operator, c.req.query())));
  app.post('/dead/:action', async (c) => c.json(await actOnLetters(deps.operator, c)));
  return app;
}

/** What is given at each of these, for the page that reads it. */
export type Overview = Awaited<ReturnType<typeof overview>>;
export type Step = Awaited<ReturnType<typeof timeline>>[number];
export type Moment = Awaited<ReturnType<typeof moment>>;
export type Dead = Awaited<ReturnType<typeof deadLetters>>;
export type Acted = Awaited<ReturnType<typeof act>>;
/** What is asked there. */
export type RetractWish = z.input<typeof Retract>;
export type DeadWish = z.input<typeof Action>;
/** Of any of them that failed. */
export interface Refused {
  readonly err: { readonly code: string; readonly message: string; readonly retry: boolean };
}

function statusOf(error: unknown): 400 | 404 | 422 | 500 | 503 {
  if (!(error instanceof Fault)) return 500;
  if (error.code === 'unavailable' || error.code === 'not_permitted') return 503;
  return error.code === badRequest ? 400 : error.code === 'key_reused' ? 422 : 404;
}

const refused = (code: string, message: string, retry = false): Refused => ({
  err: { code, message, retry },
});

const badRequest = 'bad_request';
const asked = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Fault(badRequest, z.prettifyError(parsed.error), { retryable: false });
};

function roomOf(c: Context): RoomCode {
  const room = RoomCode.safeParse(c.req.param('room'));
  if (room.success) return room.data;
  throw new Fault('room_unknown', 'this is no room', { retryable: false });
}

/** The round by its id, or by its number in the last game; the reason is for the log. */
const Retract = z.strictObject({
  round: z.string().min(1).max(limits.idCharsMax),
  reason: z.string().trim().min(1).max(limits.reportReasonCharsMax).default('this claim was wrong'),
});

const operationsShown = 20;

async function overview({ operator, name, traffic, sockets, jaegerUrl }: OpsDeps) {
  const { log } = operator;
  const letters = await readLetters(operator);
  return {
    now: await log.now(null),
    jaegerUrl,
    rooms: await listRooms(operator),
    groups: overall(await groupsOf(operator)),
    dead: kindsOf(letters),
    findings: await examine(operator),
    operations: await roomOperations(operator, operationsShown),
    traffic: {
      server: name,
      sockets: sockets(),
      opened: traffic.opened,
      pushes: traffic.pushes,
      closes: Object.fromEntries(traffic.closes),
    },
  };
}

const After = z.coerce.number().int().nonnegative();

/** Every event after a revision, without its data, which `moment` has. */
async function timeline({ operator }: OpsDeps, room: RoomCode, after: number) {
  // Only from the start is nothing found a room that is not there.
  const events = after > 0 ? await readAfter(operator.log, room, after) : await readRoom(operator.log, room);
  return events.map(({ rev, at, type, by, round, traceparent }) => ({
    rev,
    at,
    type,
    by,
    round,
    traceId: traceIdOf(traceparent),
  }));
}

/** A room after a revision, the event that led there, and what it changed. */
async function moment({ operator }: OpsDeps, room: RoomCode, meant: string) {
  const events = await readRoom(operator.log, room);
  const rev = revisionOf(events, meant);
  const { event, after, changes } = stepAt(events, rev);
  return { rev, last: events.length, event, state: after, changes };
}

const Wish = z.object({
  fingerprint: z.string().optional(),
  type: z.string().optional(),
  id: z.string().optional(),
  room: z.string().optional(),
  group: z.string().optional(),
  olderThanMs: z.number().nonnegative().optional(),
});
const Query = Wish.extend({ olderThanMs: z.coerce.number().nonnegative().optional() });
// Strict, and never of everything by an empty wish: a misspelt field must not select more than was meant.
const Action = z
  .strictObject({ ...Wish.shape, dryRun: z.boolean().default(false), force: z.boolean().default(false) })
  .refine(({ dryRun: _dryRun, force: _force, ...wish }) => Object.keys(wish).length > 0, 'select something');

const lettersShown = 200;

/** Kinds of all letters that are meant, and the newest of the letters themselves. */
async function deadLetters(operator: Operator, query: Record<string, string>) {
  const now = await operator.log.now(null);
  const letters = select(await readLetters(operator), selectionOf(asked(Query, query)), now);
  const newest = letters.toSorted((a, b) => b.lastAt - a.lastAt).slice(0, lettersShown);
  return { now, kinds: kindsOf(letters), letters: newest.map(shown) };
}

const shown = (letter: DeadLetter) => {
  const { id, fingerprint, group, room, reason, message, stack, lastAt, requeues } = letter;
  const types = typesOf(letter);
  return {
    id,
    fingerprint,
    group,
    room,
    reason,
    message,
    stack,
    types,
    lastAt,
    requeues,
    whyNot: whyNot(letter, false),
  };
};

/** What is not given selects nothing away. */
function selectionOf(wish: z.infer<typeof Wish> & { readonly asOf?: number }): Selection {
  const given = Object.entries(wish).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

const Key = z.string().min(limits.intentKeyCharsMin).max(limits.nonceCharsMax);

/** Of a wish that bears a key: sent again with it, it acts once. */
function intentIn(c: Context, content: object): { readonly intent?: Intent } {
  const key = idempotencyKey(c);
  return key === undefined ? {} : { intent: intentOf(asked(Key, key), content) };
}

/** Null for what is no JSON, or too long. */
async function jsonOf(c: Context): Promise<unknown> {
  const text = await bodyText(c);
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

async function actOnLetters(operator: Operator, c: Context) {
  const action = c.req.param('action');
  if (action !== 'requeue' && action !== 'drop') {
    throw new Fault('no_such_action', 'this cannot be done with dead letters', { retryable: false });
  }
  const wish = asked(Action, await jsonOf(c));
  const { intent } = intentIn(c, { action, ...wish });
  if (intent === undefined) return act(operator, action, wish);
  // Letters that came since the wish was sent first are not what it was about.
  return once(operator, intent, (asOf) => act(operator, action, { ...wish, asOf }));
}

type Act = z.infer<typeof Action> & { readonly asOf?: number };

async function act(operator: Operator, action: 'requeue' | 'drop', { dryRun, force, ...wish }: Act) {
  const selected = select(await readLetters(operator), selectionOf(wish), await operator.log.now(null));
  const refused = selected.flatMap((letter) => {
    const why = action === 'drop' ? null : whyNot(letter, force);
    return why === null ? [] : [{ id: letter.id, why }];
  });
  const able = selected.filter(({ id }) => !refused.some((one) => one.id === id));
  const move = action === 'drop' ? drop : requeue;
  let done = 0;
  for (const letter of dryRun ? [] : able) {
    const outcome = await move(operator, letter);
    if (outcome === null) done += 1;
    else if (outcome !== 'gone') refused.push({ id: letter.id, ...outcome });
  }
  return { selected: selected.length, able: able.length, done, refused };
}

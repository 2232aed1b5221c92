// One game with marked claims, stopped in every phase, in which everybody who can see or ask anything does
// so: each role, new and come back, over sockets, over HTTP and in documents. Keeps all that was heard, with
// the phase in which it was, and what had a result by then. Judges nothing itself.

import { createHash } from 'node:crypto';
import { expect, vi } from 'vitest';
import type { Game } from '../../core/game.ts';
import { groups } from '../../core/game.ts';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import type { EventLog } from '../../streams/contract/event-log.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { agentsByHand } from './agents-by-hand.ts';
import { markedClaim } from './marked-claims.ts';
import { type Serving, serveOn } from './serving.ts';
import { startTestValkey } from './valkey.ts';
import type { WireClient, WireOptions, WireReply } from './wire-client.ts';

const opsToken = 'a secret of operators';

export interface Heard {
  readonly phase: string;
  /** Who heard it, by role; `http` and `document` are for everybody. */
  readonly by: string;
  readonly kind: 'frame' | 'reply' | 'http' | 'document';
  /** The type of a frame, the request of a reply, a route, or a document without its room. */
  readonly name: string;
  readonly status?: number;
  readonly value: unknown;
  /** All of it, to the letter. */
  readonly text: string;
  /** Questions that were asked by then, and those that had a result, by their place in `claims`. */
  readonly asked: number;
  readonly revealed: ReadonlySet<number>;
  readonly revealedIds: ReadonlySet<string>;
}

/** FACT, FAKE, FAKE: the second is skipped, the fourth never asked. */
export const claims = [
  markedClaim('Aardvark', 'FACT', 0.98761),
  markedClaim('Bandicoot', 'FAKE', 0.98762),
  markedClaim('Capybara', 'FAKE', 0.98763),
  markedClaim('Dugong', 'FACT', 0.98764),
] as const;

/** What each answers to the first question; whoever does not stand here answers nothing. */
export const answersOf: Readonly<Record<string, 'FACT' | 'FAKE'>> = {
  ada: 'FACT',
  bo: 'FAKE',
  hostess: 'FAKE',
};

/** Everything that is read over HTTP without a right: by route, and as it is asked. */
export const publicPaths = (room: string, game: string): Readonly<Record<string, string>> => ({
  '/health': '/health',
  '/ready': '/ready',
  '/metrics': '/metrics',
  '/api/rooms/:room': `/api/rooms/${room}`,
  '/api/topics': '/api/topics',
  '/api/boards': '/api/boards',
  '/api/games/:game': `/api/games/${game}`,
  '/': '/',
  '/j': '/j',
  '/j/:room': `/j/${room}`,
  '/host/:room': `/host/${room}`,
  '/screen/:room': `/screen/${room}`,
  '/boards': '/boards',
  '/g/:game': `/g/${game}`,
  '/ops': '/ops',
  '/ops/:room': `/ops/${room}`,
  '/docs': '/docs',
  '/docs/:name': '/docs/asyncapi.json',
  '/assets/:name': '/assets/nothing',
  '/ws': '/ws',
  '/api/ops/overview': '/api/ops/overview',
  '/api/ops/rooms/:room/timeline': `/api/ops/rooms/${room}/timeline`,
  '/api/ops/rooms/:room/at/:rev': `/api/ops/rooms/${room}/at/6`,
  '/api/ops/rooms/:room/why': `/api/ops/rooms/${room}/why`,
  '/api/ops/rooms/:room/verify': `/api/ops/rooms/${room}/verify`,
  '/api/ops/reports': '/api/ops/reports',
  '/api/ops/dead': '/api/ops/dead',
});

export interface Tour {
  readonly heard: readonly Heard[];
  /** Whose each secret is: the host's token, and each player's token and nonce. */
  readonly secrets: readonly { readonly owner: string; readonly text: string }[];
  /** Tries to come back of whoever may not. */
  readonly turnedAway: readonly WireReply[];
  /** The log as text: what there was to be told. */
  readonly log: string;
}

export async function takeLeakTour(): Promise<Tour> {
  const valkey = await startTestValkey();
  const commands = connect(valkey.url, 'tour');
  await untilReady(commands, AbortSignal.timeout(5_000));
  // Of the agents only the projector runs; a server is ready once all groups are there.
  for (const group of groups) await commands.xgroup('CREATE', 'game:feed', group, '0', 'MKSTREAM');
  const env = { LEAD_MS: '400', INTERMISSION_MS: '0', ARENA_OPS_TOKEN: opsToken, CLAIMS_AHEAD: '2' };
  const arena = await serveOn(valkey.url, env, ['projector']);
  try {
    return await tour(arena, createEventLog(commands, createGameKeys(), gameStream), (key) =>
      commands.get(key),
    );
  } finally {
    await arena.stop();
    commands.disconnect();
    await valkey.stop();
  }
}

const soon = (holds: () => unknown) => vi.waitFor(holds, { timeout: 9_000, interval: 50 });

type Arena = Omit<Serving, 'valkey'>;
type Seat = Omit<WireOptions, 'url' | 'room'>;

async function tour(
  arena: Arena,
  eventLog: EventLog<Game>,
  document: (key: string) => Promise<string | null>,
): Promise<Tour> {
  const { room, hostToken } = await arena.makeRoom({ rounds: 4, seconds: 60 });
  const agents = agentsByHand(eventLog, RoomCode.parse(room));
  const people = await sitDown(arena, room, hostToken);
  const secrets = [{ owner: 'host', text: hostToken }];
  for (const [owner, { joined, nonce }] of people) {
    if (joined.playerId !== null) secrets.push({ owner, text: nonce });
    if (joined.role === 'player') secrets.push({ owner, text: joined.token });
  }
  const hashes = secrets.map(({ text }) => createHash('sha256').update(text).digest('hex'));
  const pepper = await document(createGameKeys().pepper);
  for (const text of [...hashes, ...(pepper === null ? [] : [pepper])])
    secrets.push({ owner: 'the store', text });
  // From here on somebody else each time, by the token alone.
  const anew = personIn(people, 'anew');
  people.delete('anew');
  const visitors = [anew];
  const listening = { arena, room, agents, people, document, hostToken, anew, visitors, ...emptyState() };
  await playFirst(listening);
  await playOn(listening);
  const { heard, turnedAway } = listening;
  return { heard, secrets, turnedAway, log: JSON.stringify(await agents.log()) };
}

async function sitDown(arena: Arena, room: string, token: string): Promise<Map<string, WireClient>> {
  const players = ['ada', 'bo', 'kim', 'lea', 'back', 'anew'];
  const seats: readonly (readonly [who: string, options: Seat])[] = [
    ['host', { role: 'host', token }],
    ['hostess', { role: 'host', token, name: 'Hostess' }],
    ['screen', { role: 'screen' }],
    ...players.map((name) => [name, { name }] as const),
  ];
  const people = new Map<string, WireClient>();
  for (const [who, options] of seats) {
    const client = arena.client({ room, ...options });
    people.set(who, client);
    expect((await client.connect()).err).toBeUndefined();
  }
  return people;
}

function personIn(people: ReadonlyMap<string, WireClient>, who: string): WireClient {
  const client = people.get(who);
  if (client === undefined) throw new Error(`there is no ${who}`);
  return client;
}

async function asHost({ people }: Listening, t: string, d: object = {}): Promise<WireReply> {
  const reply = await personIn(people, 'host').request(t, d);
  if (reply.err !== undefined) throw new Error(`${t}: ${reply.err.code}`);
  return reply;
}

/** The lobby, and all that may happen to a question until it is closed. */
async function playFirst(on: Listening): Promise<void> {
  const { agents, people } = on;
  const look = (phase: string) => lookAround(phase, on);
  const [kim, lea, bo] = ['kim', 'lea', 'bo'].map((who) => personIn(people, who)) as [
    WireClient,
    WireClient,
    WireClient,
  ];
  await agents.prepare(claims[0]);
  await agents.prepare(claims[1]);
  await asHost(on, 'settings', { streaks: false });
  await look('lobby');
  on.game = (await asHost(on, 'start', { after: null })).ok.state.game;
  await look('waiting');
  const roundId = await ask(on);
  await look('asked');
  for (const [who, answer] of Object.entries(answersOf)) {
    const say = () => personIn(people, who).request('answer', { roundId, answer });
    await soon(async () => expect((await say()).ok).toMatchObject({ answer }));
  }
  expect((await bo.request('answer', { roundId, answer: 'FACT' })).err?.code).toBe('already_answered');
  await asHost(on, 'kick', { playerId: kim.playerId });
  await lea.request('leave', {});
  await soon(() => expect([kim.closes.length, lea.closes.length]).toEqual([1, 1]));
  await bo.request('report', { roundId, reason: 'Not so.' });
  await look('open');
  await asHost(on, 'pause');
  await look('paused');
  await asHost(on, 'resume');
  await asHost(on, 'extend', { roundId, ms: 1_000 });
  await look('extended');
  await asHost(on, 'close', { roundId });
  await everybody(people, 'ROUND_CLOSED', 1);
  await look('closed');
  await score(on, roundId);
  await look('result');
}

/** A question that is skipped, one that is scored and then taken back, one that is never asked. */
async function playOn(on: Listening): Promise<void> {
  const { agents, people, arena, room } = on;
  const skipped = await ask(on);
  await agents.prepare(claims[2]);
  await lookAround('asked again', on);
  await asHost(on, 'skip', { roundId: skipped });
  await everybody(people, 'ROUND_SKIPPED', 1);
  await lookAround('skipped', on);
  const roundId = await ask(on);
  await agents.prepare(claims[3]);
  await asHost(on, 'close', { roundId });
  await everybody(people, 'ROUND_CLOSED', 2);
  await lookAround('closed again', on);
  await score(on, roundId);
  await asHost(on, 'end', { game: on.game });
  await everybody(people, 'GAME_OVER', 1);
  await lookAround('over', on);
  const retracted = await fetch(`${arena.http}/api/ops/rooms/${room}/retract`, {
    method: 'POST',
    headers: { authorization: `Bearer ${opsToken}` },
    body: JSON.stringify({ round: roundId }),
  });
  expect(retracted.status).toBe(200);
  await everybody(people, 'ROUND_VOIDED', 1);
  await lookAround('voided', on);
}

/** Asks the next question; gives its round. */
async function ask(on: Listening): Promise<string> {
  await on.agents.step();
  on.asked += 1;
  await everybody(on.people, 'NEW_QUESTION', on.asked);
  return personIn(on.people, 'host').frame('NEW_QUESTION')?.d.roundId;
}

async function score(on: Listening, roundId: string): Promise<void> {
  on.revealed.add(on.asked - 1);
  on.revealedIds.add(roundId);
  await on.agents.step();
  await everybody(on.people, 'ROUND_COMPLETE', on.revealed.size);
}

const emptyState = () => ({
  game: '',
  asked: 0,
  revealed: new Set<number>(),
  revealedIds: new Set<string>(),
  heard: [] as Heard[],
  turnedAway: [] as WireReply[],
  /** How much of what a client was told is kept already. */
  kept: new Map<WireClient, number>(),
  roles: new Map<WireClient, string>(),
});

type Listening = ReturnType<typeof emptyState> & {
  readonly arena: Arena;
  readonly room: string;
  readonly agents: ReturnType<typeof agentsByHand>;
  readonly people: ReadonlyMap<string, WireClient>;
  readonly document: (key: string) => Promise<string | null>;
  readonly hostToken: string;
  readonly anew: WireClient;
  /** They come in one phase and go in the next. */
  visitors: WireClient[];
};

const isGone = (client: WireClient) => client.closes.some((code) => code === 4502 || code === 1000);

/** Everybody who is still here has been told so often. */
async function everybody(people: ReadonlyMap<string, WireClient>, t: string, times: number): Promise<void> {
  const here = [...people.values()].filter((client) => !isGone(client));
  await Promise.all(
    here.map((client) => client.until(() => client.frames.filter((frame) => frame.t === t).length >= times)),
  );
}

/** All that was told until now, then all that somebody who comes or asks now is told. */
async function lookAround(phase: string, on: Listening): Promise<void> {
  await collect(phase, on);
  for (const visitor of on.visitors) visitor.close();
  on.visitors = [];
  const { arena, room, people, anew, hostToken } = on;
  const visit = async (by: string, options: Seat) => {
    const client = arena.client({ room, ...options });
    on.visitors.push(client);
    on.roles.set(client, by);
    return client.connect();
  };
  const letIn = async (by: string, options: Seat) => expect((await visit(by, options)).err).toBeUndefined();
  await letIn('late', { name: `Late ${on.heard.length}` });
  await letIn('anew', { token: anew.joined.token });
  await letIn('new host', { role: 'host', token: hostToken });
  await letIn('new screen', { role: 'screen' });
  for (const who of ['kim', 'lea']) {
    const { joined, closes } = personIn(people, who);
    if (closes.length > 0) on.turnedAway.push(await visit(who, { token: joined.token }));
  }
  const back = personIn(people, 'back');
  back.drop();
  expect((await back.connect()).ok?.recovered).toBe(true);
  await readPaths(phase, on);
  await readDocuments(phase, on);
  await collect(phase, on);
}

const moment = ({ asked, revealed, revealedIds }: Listening) => ({
  asked,
  revealed: new Set(revealed),
  revealedIds: new Set(revealedIds),
});

async function collect(phase: string, on: Listening): Promise<void> {
  const sitting = [...on.people].map(([who, client]) => [client, who] as const);
  const visiting = on.visitors.map((client) => [client, on.roles.get(client) ?? 'anew'] as const);
  for (const [client, by] of [...sitting, ...visiting]) {
    // What was written to a socket before this reply has come before it.
    if (client.isOpen) await client.request('ping', {});
    const known = on.kept.get(client) ?? 0;
    on.kept.set(client, client.raw.length);
    for (const text of client.raw.slice(known)) {
      const value = JSON.parse(text);
      const isFrame = value.t !== undefined;
      const name = isFrame ? value.t : client.asked[value.id - 1];
      on.heard.push({ phase, by, kind: isFrame ? 'frame' : 'reply', name, value, text, ...moment(on) });
    }
  }
}

async function readPaths(phase: string, on: Listening): Promise<void> {
  const paths = Object.entries(publicPaths(on.room, on.game || '01ARZ3NDEKTSV4RRFFQ69G5FAV'));
  for (const [name, path] of paths) {
    const reply = await fetch(on.arena.http + path);
    const body = await reply.text();
    // The description of the protocol names every field, and is the same whatever is played.
    const isJson = !name.startsWith('/docs') && reply.headers.get('content-type')?.includes('json') === true;
    const text = `${JSON.stringify([...reply.headers])} ${body}`;
    const value = isJson ? JSON.parse(body) : null;
    const { status } = reply;
    on.heard.push({ phase, by: 'anybody', kind: 'http', name, status, value, text, ...moment(on) });
  }
}

/** As the projector left them at the head of the log. */
async function readDocuments(phase: string, on: Listening): Promise<void> {
  const turn = (await on.agents.log()).findLast(({ type }) => type !== 'ANSWER_SUBMITTED')?.rev;
  const read = async (key: string) => JSON.parse((await on.document(key)) ?? 'null');
  await soon(async () => expect((await read(`game:state:${on.room}`))?.rev).toBe(turn));
  const rounds = Array.from({ length: on.asked }, (_, index) => `:${index + 1}`);
  const keys = [
    ['game:state', ''],
    ['game:leaderboard', ''],
    ...rounds.map((round) => ['game:round', round] as const),
  ] as const;
  for (const [name, rest] of keys) {
    const value = await read(`${name}:${on.room}${rest}`);
    expect(value?.rev).toBe(turn);
    const text = JSON.stringify(value);
    on.heard.push({ phase, by: 'anybody', kind: 'document', name, value, text, ...moment(on) });
  }
}

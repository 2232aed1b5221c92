import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Game } from '../../core/game.ts';
import { groups } from '../../core/game.ts';
import { PlayerId } from '../../core/ids.ts';
import { createPresence } from '../../server/stores/presence.ts';
import { createSecrets } from '../../server/stores/secrets.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createTail } from '../../streams/consume/tail.ts';
import { fireTimers } from '../../streams/consume/timers.ts';
import type { Wake } from '../../streams/contract/tail.ts';
import { connect } from '../../streams/valkey/connection.ts';
import { callFunction } from '../../streams/valkey/functions.ts';
import { blockingReader, pausing } from '../../streams/valkey/stream-reader.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { startTestValkey } from '../support/valkey.ts';

let valkey: Awaited<ReturnType<typeof startTestValkey>>;
let engine: Engine;
let stop: AbortController;

beforeAll(async () => {
  valkey = await startTestValkey();
});
afterAll(() => valkey.stop());
beforeEach(async () => {
  engine = await startEngine(valkey.url);
  await engine.commands.flushall();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort(new Error('the test is over'));
  await engine.close();
});

describe('timers', () => {
  test('fire once each, however many processes fire them, and none before it is due', async () => {
    const { timers, feed } = engine.partition;
    const now = await engine.log.now(null);
    const due = Array.from({ length: 300 }, (_, i) => now + (i % 30) * 10);
    await engine.commands.zadd(
      timers,
      ...due.flatMap((at, i) => [at, `AAAAAA|stage|${i}`]),
      now + 60_000,
      'AAAAAA|later',
    );
    const processes = [1, 2, 3].map(() => connect(valkey.url, 'ringer'));
    const ringing = processes.map((connection) =>
      fireTimers(connection, engine.partition, {
        idField: 'room',
        idle: pausing(250),
        signal: stop.signal,
        chance: Math.random,
      }),
    );
    await expect.poll(() => engine.commands.xlen(feed)).toBe(300);
    stop.abort(new Error('enough'));
    await Promise.all(ringing);
    for (const connection of processes) connection.disconnect();
    const fired = await engine.commands.xrange(feed, '-', '+');
    const names = fired.map(([, fields]) => fields[fields.indexOf('alarm') + 1]);
    expect(new Set(names).size).toBe(300);
    const early = fired.filter(
      ([id, fields]) => Number(id.split('-')[0]) < Number(fields[fields.indexOf('due') + 1]),
    );
    expect(early).toEqual([]);
    expect(await engine.commands.zcard(timers)).toBe(1);
  });
});

describe('presence', () => {
  test('knows who was in contact within ten seconds, and since when nobody was', async () => {
    const room = await engine.createRoom();
    const presence = createPresence(engine.commands, engine.keys);
    const [ada, bo] = [PlayerId.parse(ulid()), PlayerId.parse(ulid())];
    expect(await presence.look(room)).toEqual({ connected: new Set(), silentMs: Number.POSITIVE_INFINITY });
    await presence.touch(room, [ada, bo], false);
    expect((await presence.look(room)).connected).toEqual(new Set([ada, bo]));
    const old = (await engine.log.now(null)) - 10_001;
    await engine.commands.hset(engine.keys.of(room).presence, bo, old);
    const looked = await presence.look(room);
    expect(looked.connected).toEqual(new Set([ada]));
    expect(looked.silentMs).toBeLessThan(1_000);
  });

  test('counts a host as somebody, but not as a player', async () => {
    const room = await engine.createRoom();
    const presence = createPresence(engine.commands, engine.keys);
    await presence.touch(room, [], true);
    const { connected, silentMs } = await presence.look(room);
    expect(connected.size).toBe(0);
    expect(silentMs).toBeLessThan(1_000);
  });

  test('is of one room: who is in another is not here, though it be the same player', async () => {
    const [room, other] = [await engine.createRoom(), await engine.createRoom()];
    const presence = createPresence(engine.commands, engine.keys);
    const [ada, bo] = [PlayerId.parse(ulid()), PlayerId.parse(ulid())];
    await presence.touch(room, [ada], true);
    expect(await presence.look(other)).toEqual({ connected: new Set(), silentMs: Number.POSITIVE_INFINITY });
    await presence.touch(other, [bo], true);
    expect((await presence.look(room)).connected).toEqual(new Set([ada]));
    expect((await presence.look(other)).connected).toEqual(new Set([bo]));
  });
});

describe('a secret', () => {
  test('has an owner in the room it was made for, by its whole hash and no part of it', async () => {
    const [room, other] = [await engine.createRoom(), await engine.createRoom()];
    const hash = 'ab12cd34'.repeat(8);
    await engine.commands.hset(engine.keys.of(room).tokens, hash, 'host');
    const { ownerOf } = createSecrets(engine.commands, engine.keys);
    expect(await ownerOf(room, hash)).toBe('host');
    expect(await ownerOf(other, hash)).toBeNull();
    const near = [
      '',
      hash.slice(0, 2),
      hash.slice(0, -1),
      `${hash}0`,
      hash.toUpperCase(),
      `${hash.slice(0, -1)}5`,
    ];
    for (const wrong of near) expect(await ownerOf(room, wrong), wrong).toBeNull();
  });
});

describe('the tail', () => {
  test('wakes for what comes after it began, and goes on after the server was away', async () => {
    const blocking = connect(valkey.url, 'tail');
    const { commands, partition: keys } = engine;
    const tail = createTail({
      definition: gameStream,
      commands,
      reader: blockingReader(blocking),
      keys,
      chance: Math.random,
    });
    const wakes: Wake<Game>[] = [];
    const following = tail.follow((wake) => void wakes.push(wake), stop.signal);
    await expect
      .poll(async () => String(await engine.commands.call('CLIENT', 'LIST')))
      .toMatch(/name=tail .*cmd=xread/);
    const first = await engine.createRoom();
    await expect.poll(() => wakes).toEqual([{ stream: first, what: 'events' }]);
    await valkey.kill();
    await valkey.restart();
    await expect.poll(() => engine.commands.status).toBe('ready');
    const second = await engine.createRoom();
    await expect.poll(() => wakes).toContainEqual({ stream: second, what: 'events' });
    stop.abort(new Error('enough'));
    await following;
  });
});

describe('the feed', () => {
  const trim = () => callFunction(engine.commands, 'trim', [engine.partition.feed], [...groups]);

  test('that no group reads keeps what it has, and its housekeeping goes on', async () => {
    const feed = 'a-kind-that-nobody-consumes:feed';
    await engine.commands.xadd(feed, '*', 'stream', 'one');
    expect(await callFunction(engine.commands, 'trim', [feed], [])).toBe(0);
    expect(await engine.commands.xlen(feed)).toBe(1);
  });

  test('is trimmed behind every group, and not while one of them is missing or behind', async () => {
    const { feed } = engine.partition;
    const [first, second] = [await engine.createRoom(), await engine.createRoom()];
    expect(first).not.toBe(second);
    for (const group of groups.slice(1)) await engine.commands.xgroup('CREATE', feed, group, '$');
    expect(await trim()).toBe(0);
    await engine.commands.xgroup('CREATE', feed, 'researcher', '0');
    await engine.commands.call('XREADGROUP', 'GROUP', 'researcher', 'r', 'COUNT', 2, 'STREAMS', feed, '>');
    expect(await trim()).toBe(0);
    const [oldest] = (await engine.commands.xpending(feed, 'researcher', '-', '+', 1)) as string[][];
    await engine.commands.xack(feed, 'researcher', oldest?.[0] ?? '');
    expect(await trim()).toBe(1);
    expect(await engine.commands.xlen(feed)).toBe(1);
  });

  test('never loses a consumer that has something pending', async () => {
    await engine.createRoom();
    await engine.readAndDie('dead', 1);
    const drop = () =>
      callFunction(engine.commands, 'drop_consumer', [engine.partition.feed], ['researcher', 'dead']);
    expect(await drop()).toBe(0);
    const [entry] = (await engine.commands.xpending(
      engine.partition.feed,
      'researcher',
      '-',
      '+',
      1,
    )) as string[][];
    await engine.commands.xack(engine.partition.feed, 'researcher', entry?.[0] ?? '');
    expect(await drop()).toBe(1);
  });
});

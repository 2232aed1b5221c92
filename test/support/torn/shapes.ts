// Commits of every shape that the engine has, one call each: alone, in lists, with timers, with
// acknowledgements, behind guards; starts, failures, retries, dead letters and what operators do. For tests
// that cut the file behind any of them. What a call may send is made once, so that it can be sent again.

import { ulid } from 'ulid';
import type { Game } from '../../../core/game.ts';
import { PlayerId, type RoomCode } from '../../../core/ids.ts';
import { createGameKeys } from '../../../server/stores/keys.ts';
import { gameStream } from '../../../server/wiring/game-stream.ts';
import { noteOf } from '../../../streams/admin/operations.ts';
import { pauseGroup } from '../../../streams/admin/paused-groups.ts';
import type { CommitRequest, EventLog } from '../../../streams/contract/event-log.ts';
import { createEventLog } from '../../../streams/log/event-log.ts';
import type { Valkey } from '../../../streams/valkey/connection.ts';
import { createDeleteStream } from '../../../streams/valkey/delete-stream.ts';
import { callFunction } from '../../../streams/valkey/functions.ts';
import { rateKey } from '../../../streams/valkey/keys.ts';
import { answered, changed, createIn, request } from '../room-log.ts';

/** What a call is sent over. */
export interface Rig {
  readonly commands: Valkey;
  readonly log: EventLog<Game>;
}

export const keys = createGameKeys();
export const rigOn = (commands: Valkey): Rig => ({
  commands,
  log: createEventLog(commands, keys, gameStream),
});

/** One call, which writes in one step or in none. */
export interface Shape {
  readonly name: string;
  send(rig: Rig): Promise<unknown>;
  /** Commits of this call that have keys: sent again, each is known or not, all alike. */
  readonly commits?: readonly CommitRequest<Game>[];
}

const [feed, attempts, dead, operations] = (() => {
  const [partition] = keys.partitions;
  if (partition === undefined) throw new Error('no partition');
  return [partition.feed, partition.attempts, partition.dead, partition.operations];
})();
const [first, second] = ['researcher', 'writer'];
const [ada, bo] = ['ada', 'bo'];
const longMs = 30 * 24 * 3_600_000;
const guarded = { expect: { guards: [] } } as const;

/** Three rooms, two groups with a consumer or two, and what they were given. */
export async function begin({ commands, log }: Rig) {
  const rooms = [await createIn(log), await createIn(log), await createIn(log)] as const;
  for (const group of [first, second]) await commands.xgroup('CREATE', feed, group, '0');
  for (const name of [ada, bo]) await commands.xgroup('CREATECONSUMER', feed, first, name);
  await commands.xgroup('CREATECONSUMER', feed, second, ada);
  for (let n = 1; n <= 8; n++) {
    await log.commit(request(rooms[0], [changed(n)], { ...guarded, key: `begin:${n}` }));
  }
  const entries = (await commands.xrange(feed, '-', '+')).map(([id]) => id);
  return { rooms, entries };
}

export type Begun = Awaited<ReturnType<typeof begin>>;

const commit = (name: string, of: CommitRequest<Game>): Shape => ({
  name,
  commits: [of],
  send: ({ log }) => log.commit(of),
});
const together = (name: string, all: readonly CommitRequest<Game>[]): Shape => ({
  name,
  commits: all,
  send: ({ log }) => Promise.all(all.map((one) => log.commit(one))),
});
const call = (
  name: Parameters<typeof callFunction>[1],
  args: readonly (string | number)[],
  of: readonly string[] = [feed, attempts],
): Shape => ({
  name: `${name} ${args[2] ?? ''}`,
  send: ({ commands }) => callFunction(commands, name, of, args),
});
const plain = (name: string, ...words: readonly (string | number)[]): Shape => ({
  name,
  send: ({ commands }) => commands.call(String(words[0]), ...words.slice(1)),
});

const effects = (
  meta: CommitRequest<Game>['effects']['meta'],
  timers: CommitRequest<Game>['effects']['timers'] = [],
) => ({ effects: { meta, timers } });

const key = (name: string) => ({ ...guarded, key: name });
const timers = [
  { set: 'soon', inMs: 0 },
  { set: 'late', inMs: longMs },
  { set: 'at', at: 9_000_000_000_000 },
];

/** Commits that acknowledge nothing: of players and hosts. */
function callersShapes({ rooms: [one, two, three] }: Begun): Shape[] {
  const answer = (room: RoomCode, n: number) =>
    request(room, [answered(PlayerId.parse(ulid()))], { ...key(`answer:${n}`), count: 'answered' });
  const isOpen = [
    { field: 'epoch', present: true, else: 'room_not_found' },
    { field: 'openedRev', lessThanField: 'rev', else: 'round_not_active' },
  ] as const;
  return [
    commit('one event', request(one, [changed(20)], key('single'))),
    commit(
      'timers, fields and secrets',
      request(one, [changed(21)], {
        ...key('timers'),
        ...effects(
          [
            { set: 'phase', value: 'question' },
            { set: 'openedRev', rev: true },
          ],
          timers,
        ),
        secrets: { hash1: 'ada', hash2: 'bo' },
        note: 'noted',
      }),
    ),
    commit(
      'an intent',
      request(two, [changed(22)], { ...key('effect'), intent: { key: 'wish', content: 'c' } }),
    ),
    together(
      'answers in a list',
      [1, 2, 3, 4, 5].map((n) => answer(one, n)),
    ),
    together('answers of three rooms', [
      ...[6, 7].map((n) => answer(one, n)),
      ...[8, 9].map((n) => answer(two, n)),
      answer(three, 10),
    ]),
    together('lists of two rooms', [
      ...[27, 28].map((n) => request(two, [changed(n)], key(`two:${n}`))),
      ...[29, 30].map((n) => request(three, [changed(n)], { ...key(`three:${n}`), ...effects([], timers) })),
    ]),
    commit('a result of three events', request(two, [changed(31), changed(32), changed(33)], key('result'))),
    commit('a guard', request(one, [answered()], { key: 'guarded', expect: { guards: isOpen } })),
  ];
}

/** Commits of agents, which acknowledge what they were given. */
function agentsShapes({ rooms: [one], entries }: Begun): Shape[] {
  const entry = (at: number) => entries[at] ?? '';
  const settles = (at: number, group = first) => ({ settles: { group, entryId: entry(at) } });
  return [
    commit('the result of a step', request(one, [], { ...key('once:["writer","pay"]'), note: '{"paid":1}' })),
    commit('an acknowledgement alone', request(one, [], { ...key('nothing:1'), ...settles(0) })),
    commit(
      'an event and its acknowledgement',
      request(one, [changed(23)], { ...key('done:1'), ...settles(1) }),
    ),
    together('a list that acknowledges', [
      request(one, [changed(24)], {
        ...key('done:2'),
        ...settles(2),
        ...effects([{ drop: 'phase' }], [{ cancel: 'late' }]),
        secrets: { hash1: null },
      }),
      request(one, [changed(25)], { ...key('done:3'), ...settles(3) }),
      request(one, [changed(26)], { ...key('done:4'), ...settles(0, second) }),
    ]),
  ];
}

/** What a consumer does around its handler; some of it goes wrong. */
function consumersShapes({ rooms: [one], entries }: Begun): Shape[] {
  const ids = entries.slice(4, 8);
  const [held = '', failed = '', given = '', died = ''] = ids;
  const fields = ['reason', 'exceptions', 'room', one, 'pointer', '{}', 'group', first, 'message', 'no'];
  const bury = (entry: string) => call('dead_letter', [first, ada, entry, ...fields], [feed, attempts, dead]);
  return [
    call('start', [first, ada, ...ids]),
    call('renew', [first, ada, ...ids], [feed]),
    call('failed', [first, ada, failed, 'it was not there']),
    call('start', [first, ada, failed]),
    call('uncount', [first, ada, failed]),
    call('release', [first, ada, given, 5_000, '1']),
    plain('another takes it', 'XAUTOCLAIM', feed, first, bo, 5_000, '0-0', 'COUNT', 4),
    call('start', [first, bo, given]),
    bury(failed),
    bury(died),
    plain('acknowledged by hand', 'XACK', feed, first, held),
    plain('and its counts', 'HDEL', attempts, `${first}:${held}`),
    commit(
      'taken over and done',
      request(one, [changed(40)], {
        ...guarded,
        key: 'taken-over',
        settles: { group: first, entryId: given },
      }),
    ),
  ];
}

/** What operators and those who tidy do. */
function operatorsShapes({ rooms: [one, , three] }: Begun): Shape[] {
  const note = noteOf('room', { verb: 'requeue', by: 'test', stream: one, about: 'a letter' });
  const lettersOf = async ({ commands }: Rig) => (await commands.xrange(dead, '-', '+')).map(([id]) => id);
  const back = { requeuedFor: first, requeuedBy: 'test', room: one, first: '2', last: '2', types: 'X' };
  return [
    {
      name: 'requeue',
      async send(rig) {
        const names = [feed, dead, attempts, operations, keys.of(one).meta];
        const [letter = ''] = await lettersOf(rig);
        const args = [letter, 'requeued:x', ...note, ...Object.entries(back).flat()];
        return callFunction(rig.commands, 'requeue', names, args);
      },
    },
    {
      name: 'drop',
      async send(rig) {
        const [letter = ''] = await lettersOf(rig);
        return callFunction(rig.commands, 'drop', [dead, operations], [letter, ...note]);
      },
    },
    call('note_operation', note, [operations]),
    call('take_rate', [3_600_000_000_000, 1], [rateKey('game', first, 'a')]),
    { name: 'pause', send: ({ commands }) => pauseGroup(commands, keys, { group: second, by: 'test' }) },
    {
      name: 'delete a stream',
      async send({ commands, log }) {
        const { rev = 0 } = (await log.head(three)) ?? {};
        const wanted = { rev, epoch: null, how: 'force', note, hashes: [keys.of(three).rooms] } as const;
        return createDeleteStream<Game>(commands, keys, gameStream)(three, wanted);
      },
    },
    call('drop_consumer', [first, bo], [feed]),
  ];
}

/** Reads hand entries out, so they come between. */
export function shapesOf(begun: Begun): Shape[] {
  const [one] = begun.rooms;
  const read = (group: string, count: number) =>
    plain(`a read of ${group}`, 'XREADGROUP', 'GROUP', group, ada, 'COUNT', count, 'STREAMS', feed, '>');
  const fire: Shape = {
    name: 'timers fire',
    send: ({ commands }) => {
      const { timers, timerNames } = keys.of(one);
      return callFunction(commands, 'fire', [timers, feed, timerNames], [100, 'room']);
    },
  };
  return [
    read(first, 8),
    read(second, 1),
    ...callersShapes(begun),
    fire,
    ...agentsShapes(begun),
    ...consumersShapes(begun),
    ...operatorsShapes(begun),
    read(second, 100),
    { ...call('trim', [first], [feed]), name: 'trim' },
    commit('the last one', request(one, [changed(50)], { ...guarded, key: 'last' })),
  ];
}

/** What is played on with after a cut: a list of commits of a room, and one of another. */
export const onward = ({ rooms: [one, two] }: Begun, part: number): Shape =>
  together('onward', [
    ...[1, 2].map((n) =>
      request(one, [changed(n)], {
        ...guarded,
        key: `onward:${part}:${n}`,
        effects: { meta: [], timers: [{ set: `onward:${n}`, inMs: longMs }] },
      }),
    ),
    request(two, [answered()], { ...guarded, key: `onward:${part}:3` }),
  ]);

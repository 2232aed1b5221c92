// What a balancer is told of a cluster that is there in part.

import { expect, test } from 'vitest';
import { groups } from '../../../core/game.ts';
import { type Degradation, degradationsBy } from '../../../server/health/degradation.ts';
import { isReady, lookAtHealth } from '../../../server/health/health.ts';
import { createGameKeys, type GamePartition } from '../../../server/stores/keys.ts';
import { type Refusal, refusalIn } from '../../../server/stores/refusals.ts';
import type { Looked } from '../../../server/stores/write-probe.ts';
import { Fault } from '../../../streams/contract/fault.ts';
import type { Valkey } from '../../../streams/valkey/connection.ts';

const keys = createGameKeys({ cluster: true });
const feeds = keys.partitions.map(({ feed }) => feed);

const takes = (partitions: readonly GamePartition[], refusal: Refusal | null): Looked => ({
  node: 'host:6379',
  partitions,
  refusal,
});

/** Of a store that says this about the groups of a feed; null where it does not answer. */
function lookWhere(
  groupsOf: (feed: string) => readonly string[] | null,
  looked: readonly Looked[] = [takes(keys.partitions, null)],
  without: readonly Degradation[] = [],
) {
  const store = {
    call: async () => [null, null],
    async xinfo(_groups: string, feed: string) {
      const names = groupsOf(feed);
      if (names === null) throw new Fault('unavailable', 'no', { retryable: true });
      return names.map((name) => [
        'name',
        name,
        'lag',
        1,
        'pending',
        0,
        'consumers',
        2,
        'last-delivered-id',
        '0-0',
      ]);
    },
  };
  const connection = store as unknown as Valkey;
  return lookAtHealth({
    connection,
    keys,
    version: '0',
    writes: async () => looked,
    without: async () => without,
  });
}

test('a primary that is away takes no server out: the rooms of the others go on', async () => {
  const away = feeds.slice(0, 21);
  const health = await lookWhere((feed) => (away.includes(feed) ? null : groups));
  expect(health).toMatchObject({ status: 'partial', reachable: true, away });
  expect(health.groups['writer']).toEqual({ lag: feeds.length - 21, pending: 0, consumers: 2 });
  expect(isReady(health)).toBe(true);
});

test('a server is not ready while a group is missing in a partition that answers', async () => {
  const health = await lookWhere((feed) => (feed === feeds[0] ? groups.slice(1) : groups));
  expect(health).toMatchObject({ status: 'ok', away: [] });
  expect(isReady(health)).toBe(false);
});

test('a server is not ready where nothing answers', async () => {
  const health = await lookWhere(() => null, []);
  expect(health).toMatchObject({ status: 'unavailable', reachable: false, groups: {}, away: feeds });
  expect(isReady(health)).toBe(false);
});

const full = refusalIn("OOM command not allowed when used memory > 'maxmemory'.");

test('a primary that takes no writes takes no server out either, and its rooms are named', async () => {
  const [some, rest] = [keys.partitions.slice(0, 20), keys.partitions.slice(20)];
  const health = await lookWhere(() => groups, [takes(some, full), takes(rest, null)]);
  expect(health).toMatchObject({ status: 'partial', reachable: true, writable: true, away: [] });
  expect(health.degraded).toEqual([
    { code: 'store_memory', what: full?.what, feeds: some.map(({ feed }) => feed) },
  ]);
  expect(isReady(health)).toBe(true);
});

test('a server is not ready where every primary only reads, and each reason is said once', async () => {
  const [some, rest] = [keys.partitions.slice(0, 20), keys.partitions.slice(20)];
  const health = await lookWhere(() => groups, [takes(some, full), takes(rest, full)]);
  expect(health).toMatchObject({ status: 'unwritable', reachable: true, writable: false });
  expect(health.degraded).toEqual([{ code: 'store_memory', what: full?.what }]);
  expect(isReady(health)).toBe(false);
});

test('what is wrong for another reason than that the store is away is no answer', async () => {
  const bug = new TypeError('a bug');
  const looking = lookWhere(() => {
    throw bug;
  });
  await expect(looking).rejects.toMatchObject({ cause: bug });
});

test('what is done without is told, by this process and by others, and takes no server out', async () => {
  const without = degradationsBy(new Set(['search_unusable'] as const), [
    new Set(['search_unusable', 'embedder_silent'] as const),
  ]);
  const health = await lookWhere(() => groups, undefined, without);
  expect(health).toMatchObject({
    status: 'ok',
    degraded: [
      { code: 'search_unusable', what: expect.stringContaining('Search') },
      { code: 'embedder_silent', what: expect.stringContaining('embedder'), elsewhere: true },
    ],
  });
  expect(isReady(health)).toBe(true);
});

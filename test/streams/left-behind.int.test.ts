// A group that was renamed or left behind: what a program is told of it, and how it is removed.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { groupInfos, removeGroup } from '../../streams/admin.ts';
import { createEngine, defineStream } from '../../streams/engine.ts';
import { storeForAll } from '../support/store-for-all.ts';

const each = storeForAll();

const notes = defineStream({
  name: 'notes',
  events: { Written: z.object({}) },
  initial: 0,
  decide: (_write: 'write', _count: number) => ({ events: [{ type: 'Written', data: {} } as const] }),
  evolve: (count: number) => count + 1,
});

/** A program with one agent of this group; what it tells, and its end. */
async function program(group: string) {
  const told: unknown[] = [];
  const handled = Promise.withResolvers<void>();
  const engine = createEngine({
    store: each.store,
    streams: [notes],
    consumer: group,
    report: (what, detail) => void told.push([what, detail['group']]),
  });
  const stream = engine.stream(notes);
  stream.consume({ group, wakes: ['Written'], handle: async () => handled.resolve() });
  await engine.ready(AbortSignal.timeout(10_000));
  const stop = new AbortController();
  const running = engine.run(stop.signal);
  await stream.handle(group, 'write');
  await handled.promise;
  const end = async () => {
    stop.abort(new Error('done'));
    await running;
    await engine.close();
  };
  return { told, end, opened: stream.opened };
}

test('a group without a process is told of once at the start, one of another process is not', async () => {
  const old = await program('old');
  const beside = await program('beside');
  expect(beside.told).not.toContainEqual(['group_unattended', 'old']);
  await old.end();
  const fresh = await program('fresh');
  await expect.poll(() => fresh.told).toContainEqual(['group_unattended', 'old']);
  expect(fresh.told).not.toContainEqual(['group_unattended', 'beside']);
  expect(fresh.told).not.toContainEqual(['group_unattended', 'fresh']);
  const { commands, keys } = fresh.opened;
  expect(await removeGroup(fresh.opened, 'old')).toEqual(keys.partitions);
  expect(await removeGroup(fresh.opened, 'old')).toEqual([]);
  const [partition] = keys.partitions;
  const names = (await groupInfos(commands, partition?.feed ?? '')).map(({ name }) => name);
  expect(names.sort()).toEqual(['beside', 'fresh']);
  expect(await commands.hexists(keys.kind, 'group:old')).toBe(0);
  await beside.end();
  await fresh.end();
});

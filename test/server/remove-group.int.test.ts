// A group of agents of one's own is let go: not while somebody works for it, and never one that games need.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { operatorOn } from '../../server/operate/operator.ts';
import { lookAtRemoved, removeGroup } from '../../server/operate/remove-group.ts';
import { readOperations } from '../../streams/admin/operations.ts';
import { engineLimits } from '../../streams/parts.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { runVerb } from '../support/processes.ts';
import { startTestValkey } from '../support/valkey.ts';

let valkey: Awaited<ReturnType<typeof startTestValkey>>;
let engine: Engine;
beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

test('what it leaves undone is told, its end is noted, and the feed waits for it no longer', async () => {
  const { commands, keys, partition } = engine;
  const operator = operatorOn(gameOn(commands), 'tester');
  await expect(lookAtRemoved(operator, 'writer')).rejects.toThrow('no game goes on without writer');
  await expect(lookAtRemoved(operator, 'mine')).rejects.toThrow('there is no group mine');
  for (let n = 0; n < 3; n++) await engine.createRoom();
  await commands.xgroup('CREATE', partition.feed, 'mine', '0');
  await commands.xreadgroup('GROUP', 'mine', 'me:0', 'COUNT', 1, 'STREAMS', partition.feed, '>');
  await expect(lookAtRemoved(operator, 'mine')).rejects.toThrow('me:0 works for mine: end it first');
  await expect
    .poll(() => lookAtRemoved(operator, 'mine').catch(String), { timeout: 2 * engineLimits.leaseMs })
    .toMatchObject({ group: 'mine', lag: 2, pending: 1 });
  const env = { VALKEY_URL: valkey.url };
  expect(await runVerb(['forget', 'mine'], env)).toMatchObject({ code: 1, out: '' });
  const { code, out } = await runVerb(['forget', 'mine', '--yes'], env);
  expect({ code, out }).toEqual({
    code: 0,
    out: 'mine is forgotten, with 2 entries that mine has not read and 1 that it holds.\n',
  });
  const told = (await commands.xinfo('GROUPS', partition.feed)) as unknown[];
  expect(told).toEqual([]);
  await removeGroup(operator, 'mine');
  const operations = await readOperations(commands, keys, { idField: 'room', count: 10 });
  expect(operations).toMatchObject([{ verb: 'forget', about: 'the group mine' }]);
});

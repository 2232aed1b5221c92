// How far behind a group is, also where the server has lost count.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupInfos } from '../../streams/admin/group-infos.ts';
import { fieldsOf } from '../../streams/valkey/fields.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

let valkey: TestValkey;
let engine: Engine;

beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

test('a group of which the server does not know how far behind it is has its entries counted', async () => {
  const { commands } = engine;
  const feed = 'game:feed';
  for (const id of ['1-0', '2-0', '3-0', '4-0']) await commands.xadd(feed, id, 'f', 'v');
  await commands.xgroup('CREATE', feed, 'writer', '1-0');
  await commands.xdel(feed, '3-0');
  const [info] = (await commands.xinfo('GROUPS', feed)) as unknown[][];
  expect(fieldsOf(info ?? [])['lag']).toBeNull();
  expect(await groupInfos(commands, feed)).toMatchObject([{ name: 'writer', lag: 2, pending: 0 }]);
});

// `npm run loss [-- --rounds N] [--minutes M] [--at-once K] [--setting S] [--json] [--record]`: what of
// acknowledged commands is lost, for each setting of durability, or the Sth alone, and each fault: so many
// rounds of each, or as many as M minutes allow. `--record` keeps it and writes the README's table; `table`
// writes the table anew from what is kept.

import { parseArgs } from 'node:util';
import { machine } from '../../bench/support/machine.ts';
import { measure } from './measure.ts';
import { settings } from './settings.ts';
import { record, tableOf, writeReadme } from './table.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: text, minutes: text, 'at-once': text, setting: text, json: flag, record: flag },
});

async function run(): Promise<number> {
  const only = settings[Number(values.setting) - 1];
  const cells = await measure({
    of: only === undefined ? settings : [only],
    rounds: Number(values.rounds ?? 100),
    minutes: Number(values.minutes ?? 10),
    atOnce: Number(values['at-once'] ?? 3),
    tell: (cell) => console.error(JSON.stringify(cell)),
  });
  const found = { machine: await machine(), cells };
  console.log(tableOf(found).join('\n'));
  if (values.json === true) console.log(JSON.stringify(found));
  if (values.record === true) {
    record(found);
    writeReadme();
  }
  return cells.some(({ doubled }) => doubled > 0) ? 1 : 0;
}

if (positionals[0] === 'table') writeReadme();
else process.exit(await run());

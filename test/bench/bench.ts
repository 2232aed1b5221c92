// `npm run bench -- <name> [--json]`: measures one part of the product beside what it could cost at least,
// and beside its peers. Without a name it lists the names. `all` runs every one, each in a process of its
// own; `--record` keeps what a run found in `results/`; `results` makes the README's table from what is
// kept.

import { benchmarks, isBenchmark } from './names.ts';
import { runInOwnProcess } from './support/record.ts';
import { writeDocuments } from './support/results.ts';

const words = process.argv.slice(2);
const [name] = words;
const record = words.includes('--record');
const json = words.includes('--json');

if (name === 'results') writeDocuments();
else if (name === 'all') for (const one of Object.keys(benchmarks)) runInOwnProcess(one, { record, json });
else if (isBenchmark(name) && record) runInOwnProcess(name, { record, json });
else if (isBenchmark(name)) {
  const { bench } = await import(`./${name}.ts`);
  await bench(json);
} else {
  console.log('npm run bench -- <name> [--json] [--record], where the name is one of');
  for (const [one, line] of Object.entries(benchmarks)) console.log(`  ${one.padEnd(9)}${line}`);
  console.log('  all      every one of them, one after the other');
  console.log('  results  writes the tables of the README and of CAPACITY.md from what --record has kept');
  process.exitCode = name === undefined ? 0 : 2;
}
// The driver and the keeper of Valkey leave nothing open, but what a repeat broke off may.
process.exit();

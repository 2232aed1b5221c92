// `npm run spec -- [--bound full] [model...]`: explores the models of the engine's protocol, and says how
// many states each has. Ends with 1 where one is wrong, with the steps that lead there.

import { parseArgs } from 'node:util';
import { explored } from './bounds.ts';
import { check, findSpin, readModel } from './spin.ts';

const { values, positionals } = parseArgs({
  options: { bound: { type: 'string', default: 'short' } },
  allowPositionals: true,
});
if (values.bound !== 'short' && values.bound !== 'full') throw new Error('--bound is short or full');
const bound = values.bound;
const spin = await findSpin('.arena', (line) => console.error(`spec: ${line}`));

for (const { model, says, ...runs } of explored) {
  if (positionals.length > 0 && !positionals.includes(model)) continue;
  console.log(`${model}: ${says}`);
  for (const checking of runs[bound]) {
    const text = await readModel(model);
    const found = await check(spin, text, { ...checking, fast: bound === 'full' });
    const given = Object.entries(checking.bounds).map(([name, value]) => `${name.toLowerCase()} ${value}`);
    console.log(`  ${given.join(', ')}: ${checking.cycles ? 'every run ends' : 'every state'}`);
    const { states, transitions, depth, cpuSeconds, megabytes } = found;
    const size = `${states.toLocaleString('en')} states, ${transitions.toLocaleString('en')} steps`;
    console.log(
      `    ${size}, depth ${depth}, ${cpuSeconds.toFixed(1)} s of CPU, ${Math.round(megabytes)} MB`,
    );
    if (found.wrong === null) continue;
    console.log(`    WRONG: ${found.wrong}\n${found.steps.map((step) => `      ${step}`).join('\n')}`);
    process.exitCode = 1;
  }
}

// The engine's protocol as models that a machine explores: every state of each, and with it every order in
// which processes can meet and die. `npm run spec -- --bound full` goes further than these seconds do.

import { beforeAll, describe, expect, it } from 'vitest';
import { hasApt } from '../../server/setup/private-apt.ts';
import { explored } from './bounds.ts';
import { isFound, mutants, plant } from './mutants.ts';
import { check, findSpin, readModel, type Spin } from './spin.ts';

const apt = await hasApt();
if (!apt) console.warn('the models are not explored: there is no apt here to fetch spin with');

let spin: Spin;
beforeAll(async () => {
  if (apt) spin = await findSpin('.arena', () => undefined);
});

describe.skipIf(!apt)('the models', () => {
  for (const { model, says, short } of explored) {
    it(`${model}: ${says}`, async () => {
      const text = await readModel(model);
      for (const checking of short) {
        const { wrong, steps, states } = await check(spin, text, checking);
        expect(wrong, steps.join('\n')).toBeNull();
        expect(states).toBeGreaterThan(1_000);
      }
    });
  }

  it('each is explored to three processes, two streams and four crashes in full', () => {
    for (const { full } of explored) {
      for (const { bounds } of full) expect(bounds).toMatchObject({ PROCESSES: 3, STREAMS: 2, CRASHES: 4 });
      expect(full.some(({ cycles }) => cycles)).toBe(true);
    }
  });
});

describe.skipIf(!apt)('the checker finds a mistake', () => {
  for (const mutant of mutants) {
    it(`${mutant.model}: ${mutant.mistake}`, async () => {
      const { name, text } = await readModel(mutant.model);
      const checking = mutant.checking ?? { bounds: {}, cycles: false };
      const { wrong, steps } = await check(spin, { name, text: plant(text, mutant) }, checking);
      expect(wrong).not.toBeNull();
      expect(isFound(wrong, mutant), `${wrong}\n${steps.join('\n')}`).toBe(true);
      // It tells the way there.
      expect(steps.length).toBeGreaterThan(2);
    });
  }
});

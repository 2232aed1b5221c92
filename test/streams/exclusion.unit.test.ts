import { expect, test } from 'vitest';
import { createExclusion } from '../../streams/consume/exclusion.ts';

test('ordinary work runs side by side, suspicious work alone, and none is overtaken for ever', async () => {
  const exclusion = createExclusion();
  const trace: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    trace.push(`${name} begins`);
    return new Promise<void>((resolve) => ends.set(name, resolve)).then(
      () => void trace.push(`${name} ends`),
    );
  };
  const a = exclusion.run(false, work('a'));
  const b = exclusion.run(false, work('b'));
  const alone = exclusion.run(true, work('alone'));
  const c = exclusion.run(false, work('c'));
  await Promise.resolve();
  expect(trace).toEqual(['a begins', 'b begins']);
  ends.get('a')?.();
  await a;
  expect(trace.at(-1)).toBe('a ends');
  ends.get('b')?.();
  await b;
  await Promise.resolve();
  expect(trace.slice(2)).toEqual(['a ends', 'b ends', 'alone begins']);
  ends.get('alone')?.();
  await alone;
  await Promise.resolve();
  ends.get('c')?.();
  await c;
  expect(trace.slice(5)).toEqual(['alone ends', 'c begins', 'c ends']);
});

test('work that throws makes way for the next', async () => {
  const exclusion = createExclusion();
  await expect(exclusion.run(true, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await exclusion.run(false, async () => 'yes')).toBe('yes');
});

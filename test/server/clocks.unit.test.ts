import { expect, test } from 'vitest';
import { judgeClocks } from '../../server/operate/clocks.ts';

test('clocks of primaries that are apart are told with by how much, those that agree are not', () => {
  expect(judgeClocks([12, -100, 140])).toMatchObject({ mood: 'good' });
  // All may be wrong together: games do not mind.
  expect(judgeClocks([90_000, 90_010])).toMatchObject({ mood: 'good' });
  const apart = judgeClocks([0, 3, 4_000.4]);
  expect(apart).toMatchObject({ mood: 'bad', cure: 'Let all of them follow one time server.' });
  expect(apart.what).toContain('are 4000 ms apart');
});

import { expect, test } from 'vitest';
import { originForOthers } from '../../server/web/client/site.ts';

test('links lead to where the page came from, but for a page on localhost, which is nowhere on a phone', () => {
  const lan = 'http://192.168.1.7:8000/';
  expect(originForOthers('http://localhost:8000', lan)).toBe('http://192.168.1.7:8000');
  expect(originForOthers('http://127.0.0.1:8000', lan)).toBe('http://192.168.1.7:8000');
  expect(originForOthers('https://arena.example', lan)).toBe('https://arena.example');
  expect(originForOthers('http://127.0.0.1:8000', 'http://localhost:8000')).toBe('http://127.0.0.1:8000');
  for (const none of [null, '', 'nonsense'])
    expect(originForOthers('http://localhost:8000', none)).toBe('http://localhost:8000');
});

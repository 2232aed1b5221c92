// The page as it is sent: how much it weighs, and that no language lacks a word.

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../agents/knowledge/catalogue.ts';
import { titlesOf } from '../../agents/knowledge/topics.ts';
import { buildWeb } from '../../server/web/build.ts';
import { de } from '../../server/web/words/de.ts';
import { en } from '../../server/web/words/en.ts';

const weightMax = 35_000;

/** Paths that a document or a script loads by itself; what it loads later on is in `import(…)`. */
function loadedBy(text: string): string[] {
  const inDocument = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  const inScript = [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(
    ([, name]) => `/assets/${name}`,
  );
  return [...inDocument, ...inScript];
}

test('a player’s page weighs at most 35 kB', async () => {
  const assets = await buildWeb('http://localhost:8000');
  const needed = new Set<string>(['/']);
  for (const path of needed) {
    const text = new TextDecoder().decode(assets.get(path)?.body);
    for (const next of loadedBy(text)) if (assets.has(next)) needed.add(next);
  }
  const weight = [...needed].reduce((sum, path) => sum + gzipSync(assets.get(path)?.body ?? '').length, 0);
  console.log(`the player’s page: ${(weight / 1_000).toFixed(1)} kB gzipped in ${needed.size} files`);
  expect(needed.size).toBeGreaterThan(2);
  expect(weight).toBeLessThanOrEqual(weightMax);
});

test('no schema is in the page’s scripts: of what describes the wire it takes the types alone', async () => {
  const scripts = [...(await buildWeb('http://localhost:8000'))].filter(([path]) => path.endsWith('.js'));
  const texts = scripts.map(([path, { body }]) => [path, new TextDecoder().decode(body)] as const);
  // What every schema of zod has and no minifier renames.
  expect(texts.filter(([, text]) => text.includes('_zod')).map(([path]) => path)).toEqual([]);
  expect(texts.length).toBeGreaterThan(5);
});

describe('the catalogues', () => {
  const shapeOf = (value: unknown): unknown => {
    if (typeof value === 'function') return `(${value.length})`;
    if (Array.isArray(value)) return value.length;
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]));
    }
    return typeof value;
  };
  const textsOf = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
  };
  test('have the same words, and the same places in them', () => {
    expect(shapeOf(de)).toEqual(shapeOf(en));
  });
  test('have no empty word', () => {
    for (const language of [en, de]) {
      const all = textsOf(language);
      expect(all.length).toBeGreaterThan(100);
      expect(all.filter((text) => text.trim() === '')).toEqual([]);
    }
  });
  test('have a word for every topic of the data, and for no other', () => {
    const topics = titlesOf(catalogue);
    for (const { topics: named } of [en, de])
      expect(Object.keys(named).toSorted()).toEqual(topics.toSorted());
  });
  test('say in words what arrows say of a place', () => {
    expect([2, 1, -1, -3].map(en.moved)).toEqual([
      '2 places up',
      '1 place up',
      '1 place down',
      '3 places down',
    ]);
    expect([2, -1].map(de.moved)).toEqual(['2 Plätze gewonnen', '1 Platz verloren']);
  });
  test('are two languages: what is said in sentences differs', () => {
    const same = Object.entries(en).filter(
      ([key, value]) =>
        typeof value === 'string' &&
        value.includes(' ') &&
        value === Object.entries(de).find(([other]) => other === key)?.[1],
    );
    expect(same).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  listOf,
  numberWord,
  oneOf,
  roughly,
  sentence,
  withArticle,
} from '../../../agents/knowledge/phrase.ts';
import { asks } from '../../../agents/knowledge/reading.ts';

describe('a question asks what an assertion says', () => {
  const capital = { names: [['Côte d’Ivoire', 'Ivory Coast'], ['Yamoussoukro']] };

  it('in any words, with any spelling of the names', () => {
    expect(asks('Is Yamoussoukro the capital of Ivory Coast?', capital)).toBe(true);
    expect(asks("YAMOUSSOUKRO is the capital of Cote d'Ivoire", capital)).toBe(true);
  });

  it('only with all the names, each as whole words', () => {
    expect(asks('Abidjan is the capital of Ivory Coast.', capital)).toBe(false);
    expect(asks('Niamey is the capital of Nigeria.', { names: [['Niger'], ['Niamey']] })).toBe(false);
    expect(asks('Gold has 790 protons.', { names: [['gold'], ['79']] })).toBe(false);
  });

  it('only without a denial', () => {
    expect(asks('Yamoussoukro is not the capital of Ivory Coast.', capital)).toBe(false);
    expect(asks('It is a myth that Yamoussoukro is the capital of Ivory Coast.', capital)).toBe(false);
  });

  it('only in the order of a comparison', () => {
    const larger = { names: [['Chad'], ['Niger']], ordered: true };
    expect(asks('Chad is larger than Niger.', larger)).toBe(true);
    expect(asks('Niger is larger than Chad.', larger)).toBe(false);
    expect(asks('Chad is smaller than Niger.', larger)).toBe(false);
  });

  it('as a whole sentence: with most of its words, in order, and as much denial', () => {
    const wording = { names: [], wording: 'Rome lies further north than New York.' };
    expect(asks('True or not: does Rome lie further north than New York?', wording)).toBe(false);
    expect(asks('Does Rome lie further north than New York?', wording)).toBe(true);
    expect(asks('New York lies further north than Rome.', wording)).toBe(false);
    expect(asks('Rome does not lie further north than New York.', wording)).toBe(false);
    expect(asks('Rome was founded by twins.', wording)).toBe(false);
  });
});

describe('phrases', () => {
  it('take the article that is spoken', () => {
    const phrases = [
      'iron atom',
      'uranium atom',
      'europium atom',
      'hour',
      'ununseptium',
      'oxygen atom',
      'euro',
    ];
    expect(phrases.map(withArticle)).toEqual([
      'an iron atom',
      'a uranium atom',
      'a europium atom',
      'an hour',
      'an ununseptium',
      'an oxygen atom',
      'a euro',
    ]);
  });

  it('become sentences with one full stop', () => {
    expect(sentence('the capital is Washington, D.C.')).toBe('The capital is Washington, D.C.');
    expect(sentence('iron rusts')).toBe('Iron rusts.');
  });

  it('list and count as people do', () => {
    expect([listOf(['A']), listOf(['A', 'B']), listOf(['A', 'B', 'C'])]).toEqual([
      'A',
      'A and B',
      'A, B and C',
    ]);
    expect([numberWord(1), numberWord(10), numberWord(11)]).toEqual(['one', 'ten', '11']);
    expect([roughly(1_412_000_000), roughly(17_063_700), roughly(643_210), roughly(12_345)]).toEqual([
      '1.41 billion',
      '17.1 million',
      '640,000',
      '12,000',
    ]);
  });

  it('vary from seed to seed, and never for one', () => {
    const options = ['a', 'b', 'c'] as const;
    const picked = Array.from({ length: 60 }, (_, index) => oneOf(options, `seed ${index}`));
    expect(new Set(picked).size).toBe(3);
    expect(oneOf(options, 'x')).toBe(oneOf(options, 'x'));
  });
});

// What models write into the fields that they are asked for: mended where it is plain what was meant, refused
// with a reason where it is not. The reason reaches the model, the event and the operator.

import { describe, expect, it } from 'vitest';
import { contradiction } from '../../agents/prompts/contradiction.ts';
import { editorQuestion } from '../../agents/prompts/editor.ts';
import { tellsItsTruth, withoutLabel } from '../../agents/prompts/giveaway.ts';
import { plainOf, unfit } from '../../agents/prompts/plain-text.ts';
import { researcherQuestion } from '../../agents/prompts/researcher.ts';
import { sourceOf } from '../../agents/prompts/sources.ts';
import { writerQuestion } from '../../agents/prompts/writer.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { askQuirky, completion, judged } from '../support/quirky-server.ts';
import { lastWork, onOpenAI, roomWaitingFor, thinkersWith } from '../support/thinking-agents.ts';
import { newEmbeddedClaim } from '../support/world.ts';

const wild = 'https://en.wikipedia.org/wiki/Mercury_(planet)';

const refused: readonly (readonly [string, object, RegExp])[] = [
  [
    'a confidence of 10^15',
    { confidence: 1e15 },
    /confidence is 1000000000000000 instead of a number from 0 to 1/,
  ],
  ['a confidence of 10^21', { confidence: 1e21 }, /confidence is 1e\+21 instead/],
  ['a negative confidence', { confidence: -0.5 }, /confidence is -0\.5 instead/],
  ['a negative percentage', { confidence: '-90%' }, /confidence is -90 instead/],
  ['a confidence of more than all', { confidence: '120%' }, /confidence is 120 instead/],
  ['a confidence between two scales', { confidence: 1.5 }, /confidence is 1\.5 instead/],
  ['a confidence in words', { confidence: 'high' }, /confidence is no number/],
  ['no number for a confidence', { confidence: 'NaN' }, /confidence is no number/],
  ['null for a confidence', { confidence: null }, /confidence is no number/],
  ['a list for a confidence', { confidence: [0.9] }, /confidence is no number/],
  ['a third truth', { truth: 'UNCERTAIN' }, /truth is neither FACT nor FAKE/],
  [
    'an explanation that confirms what it calls fake',
    { explanation: 'The statement is true: it adds up.' },
    /says FACT, the verdict FAKE/,
  ],
  [
    'an explanation that only repeats what it calls fake',
    { explanation: 'The sum of 2 and 2 is 5.' },
    /says FACT, the verdict FAKE/,
  ],
  ['an explanation that corrects what it calls a fact', { truth: 'FACT' }, /says FAKE, the verdict FACT/],
  [
    'an explanation that denies what it calls a fact',
    { truth: 'FACT', explanation: 'False, 2 and 2 make 4.' },
    /says FAKE, the verdict FACT/,
  ],
  ['an explanation that echoes the shape', { explanation: 'string' }, /the explanation is empty/],
  ['an explanation that echoes the prompt', { explanation: 'Judge this statement.' }, /repeats the prompt/],
  [
    'an apology',
    { explanation: 'I am sorry, but as an AI I cannot judge it.' },
    /repeats the prompt, or speaks of it/,
  ],
  ['a script', { explanation: 'The sum is 4.<script>alert(1)</script>' }, /the explanation has markup/],
  [
    'a script in disguise',
    { explanation: 'The sum is 4.&lt;img src=x onerror=alert(1)&gt;' },
    /the explanation has markup/,
  ],
  [
    'an address in a script',
    { sourceUrl: 'javascript:alert(1)//x.org' },
    /sourceUrl is no full https address/,
  ],
  ['another host than it seems', { sourceUrl: 'https://nasa.gov@evil.org/' }, /sourceUrl hides its host/],
];

const mended: readonly (readonly [string, object, object, RegExp])[] = [
  ['a percentage', { confidence: '90%' }, { confidence: 0.9 }, /confidence 90% was read as 0\.9/],
  ['a number of a hundred', { confidence: 95 }, { confidence: 0.95 }, /confidence 95 was read as 0\.95/],
  ['a number as text', { confidence: '0.8' }, { confidence: 0.8 }, /confidence 0\.8 was read as 0\.8/],
  [
    'a mark out of ten, which is low then',
    { confidence: 8 },
    { confidence: 0.08 },
    /confidence 8 was read as 0\.08/,
  ],
  ['a truth in small letters', { truth: 'fake' }, { truth: 'FAKE' }, /truth was read as FAKE/],
  ['a truth as what it is', { truth: false }, { truth: 'FAKE' }, /truth was read as FAKE/],
  [
    'markup in an explanation',
    { explanation: 'The sum is <b>4</b> &amp; not 5.' },
    { explanation: 'The sum is 4 & not 5.' },
    /made plain/,
  ],
  [
    'letters that turn round',
    { explanation: 'The sum \u202Eis 4\u202C.' },
    { explanation: 'The sum is 4.' },
    /made plain/,
  ],
  [
    'no name of the source',
    { sourceName: ' ' },
    { source: { name: 'mathcs.clarku.edu', url: judged.sourceUrl } },
    /^$/,
  ],
  [
    'an address without a scheme',
    { sourceUrl: 'www.nasa.gov/moon' },
    { source: { url: 'https://www.nasa.gov/moon' } },
    /sourceUrl was mended/,
  ],
];

describe.concurrent('a verdict', () => {
  it.each(refused)('with %s is refused, and the reason is told', async (_, fields, told) => {
    const content = JSON.stringify({ ...judged, ...fields });
    const { outcome, bodies } = await askQuirky({ behave: completion({ content }) });
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(told) } });
    // The model was told, too.
    expect(JSON.stringify(bodies[1])).toContain('could not be used');
  });

  it.each(mended)('with %s is mended, and that is noted', async (_, fields, value, note) => {
    const content = JSON.stringify({ ...judged, ...fields });
    const { answer, requests } = await askQuirky({ behave: completion({ content }) });
    expect(requests).toHaveLength(1);
    expect(answer().value).toMatchObject(value);
    expect((answer().origin.notes ?? []).join('; ')).toMatch(note);
  });

  it('that was refused stands in the event with its reason, whether or not a better one came', async () => {
    const bad = completion({ content: JSON.stringify({ ...judged, confidence: 1e15 }) });
    const work = async (better: boolean) => {
      const fake = await startFakeOpenAI({ behave: ({ number }) => (better && number === 2 ? 'good' : bad) });
      const room = await roomWaitingFor('editor');
      const { editor } = thinkersWith({ editor: onOpenAI, openaiBaseUrl: `${fake.url}/v1` });
      await editor.handle(room.task('DRAFT_READY')).finally(() => fake.stop());
      return lastWork(room).origin;
    };
    expect(await work(true)).toMatchObject({
      notes: [expect.stringMatching(/^first: .*confidence is 1000000000000000/)],
    });
    const { fellBackFrom } = await work(false);
    expect(fellBackFrom?.[0]?.error).toMatch(/^twice: .*confidence is 1000000000000000/);
  });
});

describe('an address', () => {
  it.each([
    ['', /no full https/],
    ['NASA', /no full https/],
    ['https://', /no full https|no host/],
    ['ftp://nasa.gov', /no full https/],
    ['javascript:alert(1)', /no full https/],
    ['data:text/html,<b>x</b>', /no full https/],
    ['//nasa.gov/x', /no full https/],
    ['https:nasa.gov', /no full https/],
    ['https:/nasa.gov', /no full https/],
    ['https://nasa', /no host of the web/],
    ['https://https://nasa.gov', /names a port|no host/],
    ['https://nasa.gov:8443/', /names a port/],
    ['https://nasa.gov@evil.org/', /hides its host/],
    ['https://user:secret@nasa.gov/', /hides its host/],
    ['https://nasa.gov/a b', /characters that no address has/],
    ['https://nasa.gov\\@evil.org', /characters that no address has|hides its host/],
    ['https://nasa.gov/\u202Egro', /characters that no address has/],
    ['https://na\u200Bsa.gov/', /characters that no address has/],
    ['https://nаsa.gov/', /another script/],
    ['https://xn--nsa-8cd.gov/', /another script/],
    ['https://wikipedia。org/', /another script/],
    ['https://n%61sa.gov/', /another script/],
    ['https://127.0.0.1/', /by its number/],
    ['https://2130706433/', /by its number/],
    ['https://0x7f.1/', /by its number/],
    ['https://10.0.0.8/atlas', /by its number/],
    ['https://8.8.8.8/', /by its number/],
    ['https://[::1]/', /names a port|by its number/],
    ['http://localhost/', /no site of the web/],
    ['http://foo.localhost/', /no site of the web/],
    ['https://printer.local/', /no site of the web/],
    ['https://wiki.corp/', /no site of the web/],
    ['https://metadata.google.internal/', /no site of the web/],
    ['https://example.com/source', /no site of the web/],
    ['https://www.example.org/', /no site of the web/],
    ['https://a_b.nasa.gov/', /no host of the web/],
    ['https://-nasa.gov/', /no host of the web|no full https/],
    ['https://nasa.g0v/', /no host of the web/],
    [`https://nasa.gov/${'x'.repeat(300)}`, /has 317 characters/],
  ])('%s is refused with its reason', (url, told) => {
    expect(sourceOf('NASA', url)).toEqual({ problem: expect.stringMatching(told) });
  });

  it.each([
    ['https://nasa.gov', 'https://nasa.gov'],
    ['www.nasa.gov/moon', 'https://www.nasa.gov/moon'],
    ['<https://nasa.gov/>', 'https://nasa.gov/'],
    ['[NASA](https://nasa.gov/)', 'https://nasa.gov/'],
    ['https://nasa.gov/moon.', 'https://nasa.gov/moon'],
    ['HTTPS://NASA.gov/', 'HTTPS://NASA.gov/'],
    [wild, wild],
    ['https://de.wikipedia.org/wiki/Zürich?x=a@b#c:d', 'https://de.wikipedia.org/wiki/Zürich?x=a@b#c:d'],
    ['http://news.bbc.co.uk/2/hi/1234.stm', 'http://news.bbc.co.uk/2/hi/1234.stm'],
  ])('%s is taken', (url, taken) => {
    expect(sourceOf('NASA', url)).toMatchObject({ source: { name: 'NASA', url: taken } });
  });
});

describe('text', () => {
  it.each([
    ['\u0000**a**\u0007c', 'a c'],
    ['pass\u00ADword', 'password'],
    ['\uFEFFone\u200B two\u2066', 'one two'],
    ['Z\u0335\u0321\u0322\u0327a\u0301l', 'Z\u0335\u0321ál'],
    ['\u{E0041}\u{E0042}plain', 'plain'],
    ['broken \uD800 pair', 'broken pair'],
    ['**Lead** is `heavy`', 'Lead is heavy'],
    ['- Lead is heavy.', 'Lead is heavy.'],
    ['Lead<br>is<br/>heavy', 'Lead is heavy'],
    ['[Lead](https://x.org) is heavy', 'Lead is heavy'],
    ['H<sub>2</sub>O &#38; ice', 'H2O & ice'],
  ])('%j is made plain', (text, plain) => {
    expect(plainOf(text)).toEqual({ text: plain, mended: true });
  });

  it.each([
    '2 < 3 and 5 > 4',
    'Zoë’s café — 50 % of it',
    'The 👩‍🚀 emoji has two parts.',
    '5 * 3 = 15 and 2 ** x'.replace('**', '^'),
  ])('%j stays as it is', (text) => {
    expect(plainOf(text)).toEqual({ text, mended: false });
    expect(unfit(text)).toBeNull();
  });

  it.each([
    ['The <data> says so.', /markup/],
    ['one self-contained sentence, at most 160 characters', /repeats the prompt/],
    ['<think>Lead</think> is heavy', /markup/],
    ['<iframe src="x">', /markup/],
    ['Lorem ipsum dolor', /empty/],
    ['N/A', /empty/],
    ['123', /empty/],
    ['The capital of France is Pаris.', /mixes alphabets/],
  ])('%j is not for readers', (text, told) => {
    expect(unfit(text)).toMatch(told);
  });
});

describe('candidates', () => {
  const found = (statement: string, changes: object = {}) => ({
    ...{ statement, evidence: 'It is told in any atlas of rivers.', sourceName: 'An atlas', sourceUrl: wild },
    ...changes,
  });
  const nile = found('The Nile flows north into the Mediterranean Sea.');
  const volga = found('The Volga flows into the Black Sea.');
  const read = (facts: object[], fakes: object[]) => {
    const question = researcherQuestion({ topic: 'Rivers', difficulty: 'hard', avoid: new Set(), asked: [] });
    const { data, error } = question.schema.safeParse({ facts, fakes });
    return { claims: data?.map(({ claim }) => claim), error: error?.message, notes: question.notes?.() };
  };

  it.each([
    ['tells its truth', found('It is a myth that the Nile flows north.'), /gives its own answer away/],
    ['ends on its label', found('The Nile flows north, so the answer is FACT.'), /gives its own answer away/],
    [
      'says nothing for it',
      found('The Rhine is a long river.', { evidence: 'n/a' }),
      /evidence for a statement is empty/,
    ],
    [
      'is argued against',
      found('The Rhine is a long river.', { evidence: 'This statement is false.' }),
      /says FAKE, the verdict FACT/,
    ],
    [
      'has an odd address',
      found('The Rhine is a long river.', { sourceUrl: 'https://example.com' }),
      /sourceUrl leads to no site/,
    ],
    [
      'repeats the prompt',
      found('one self-contained sentence, at most 160 characters'),
      /repeats the prompt/,
    ],
  ])('one that %s is left out with its reason, and the others stay', (_what, bad, told) => {
    const { claims, notes } = read([bad, nile], [volga]);
    expect(claims).toEqual([nile.statement, volga.statement]);
    expect(notes).toEqual([expect.stringMatching(told)]);
    expect(read([bad], [volga]).error).toMatch(told);
  });

  it('that stand among facts and fakes are left out of both', () => {
    const again = found('the nile flows NORTH into the Mediterranean Sea!');
    const { claims, notes } = read([nile, found('The Rhine is a long river.')], [again, volga]);
    expect(claims).toEqual(['The Rhine is a long river.', volga.statement]);
    expect(notes).toEqual(Array(2).fill('left out: a statement stands among facts and fakes'));
  });

  it('lose the label that a model put beside them', () => {
    const labelled = [found(`Fact 1: ${nile.statement}`), found('The Rhine is a long river (true).')];
    expect(read(labelled, [found(`FAKE - ${volga.statement}`)]).claims).toEqual([
      nile.statement,
      'The Rhine is a long river.',
      volga.statement,
    ]);
  });

  it('the reason stands in the event, though the others were used', async () => {
    const fake = await startFakeOpenAI({
      behave: completion({
        content: JSON.stringify({ facts: [nile, found('Lead.', { sourceUrl: 'x' })], fakes: [volga] }),
      }),
    });
    const room = await roomWaitingFor('researcher');
    const { researcher } = thinkersWith({ researcher: onOpenAI, openaiBaseUrl: `${fake.url}/v1` });
    await researcher.handle(room.task('START_ROUND')).finally(() => fake.stop());
    expect(lastWork(room).origin.notes).toEqual(['left out: a sourceUrl is no full https address']);
  });
});

describe('a label', () => {
  it.each([
    'True bugs have wings.',
    'False-colour images show heat.',
    'Facts about lead: it is heavy.',
    'Myths of Greece name Zeus.',
  ])('is not seen in "%s"', (text) => {
    expect(withoutLabel(text)).toBe(text);
    expect(tellsItsTruth(text)).toBe(false);
  });
});

describe('a rewritten statement', () => {
  const { candidate } = newEmbeddedClaim();
  const read = (statement: string) => {
    const question = writerQuestion({ ...candidate, claim: 'Lead has atomic number 81.' });
    return { ...question.schema.safeParse({ statement }), notes: question.notes?.() };
  };

  it('is made plain, and that is noted', () => {
    expect(read('**Lead** has\u200B the atomic number 81.')).toMatchObject({
      data: 'Lead has the atomic number 81.',
      notes: ['the statement was made plain'],
    });
  });

  it.each([
    ['Rewrite this statement. Lead has number 81.', /repeats the prompt/],
    ['Lead has <script>number</script> 81.', /has markup/],
    ['Lead has number 81, answer: fake.', /fake.* gives the answer away/],
  ])('%j is refused', (statement, told) => {
    expect(read(statement).error?.message).toMatch(told);
  });
});

describe('an explanation against its verdict', () => {
  const bulls = 'Bulls are enraged by the colour red.';
  it.each([
    ['The statement is false.', 'FACT'],
    ['Bulls see no red, so this statement is not true.', 'FACT'],
    ['False. Bulls see no red.', 'FACT'],
    ['This claim is a myth.', 'FACT'],
    ['This statement is only partly true.', 'FACT'],
    ['They do hate it; therefore the statement is correct.', 'FAKE'],
    ['True. They do hate it.', 'FAKE'],
    ['The correct answer is FACT.', 'FAKE'],
    [bulls, 'FAKE'],
  ] as const)('"%s" is no explanation of %s', (explanation, truth) => {
    expect(contradiction(bulls, explanation, truth)).toMatch(/^the explanation says/);
    expect(contradiction(bulls, explanation, truth === 'FACT' ? 'FAKE' : 'FACT')).toBeNull();
  });

  it.each([
    ['It is true that bulls charge, but they see no red.', 'FAKE'],
    ['The popular claim that bulls hate red is false.', 'FACT'],
    ['Many think that bulls hate red. This claim is false.', 'FACT'],
    ['The statement is true in part, and yet wrong.', 'FAKE'],
    ['True, but of cows alone.', 'FAKE'],
    ['This statement is true of cows; for bulls the statement is false.', 'FAKE'],
    ['Fact: bulls see no red.', 'FAKE'],
    ['Bulls are enraged by the colour red. Not so: they see none.', 'FAKE'],
    ['No bull has ever minded a colour.', 'FACT'],
  ] as const)('"%s" may explain %s', (explanation, truth) => {
    expect(contradiction(bulls, explanation, truth)).toBeNull();
  });

  it('numbers said again with others are a correction', () => {
    const everest = 'Mount Everest is 8,849 m high.';
    expect(contradiction(everest, 'Mount Everest is 8,611 m high.', 'FACT')).toMatch(/says FAKE/);
    expect(contradiction(everest, 'Mount Everest is 8849 m high.', 'FACT')).toBeNull();
    expect(contradiction(everest, 'It was measured in 2020 to be so high.', 'FACT')).toBeNull();
  });
});

describe('a question', () => {
  it('forgets what it noted of an answer that did not fit', () => {
    const { schema, notes } = editorQuestion('The sum of 2 and 2 is 5.');
    expect(schema.safeParse({ ...judged, confidence: '90%' }).success).toBe(true);
    expect(notes?.()).toHaveLength(1);
    expect(schema.safeParse(judged).success).toBe(true);
    expect(notes?.()).toEqual([]);
  });
});

// Ollama, and what calls itself so: replies that differ by version, by model and by the proxy before it,
// through its official client.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Behaviour } from '../support/fake-model-server.ts';
import { askQuirky, events, goodText, judged, ollamaReply, verdict } from '../support/quirky-server.ts';

const printed = vi.fn();

beforeAll(() => {
  for (const call of ['log', 'warn', 'error'] as const) vi.spyOn(console, call).mockImplementation(printed);
});
afterAll(() => {
  vi.restoreAllMocks();
  expect(printed, 'the client writes nothing to the console').not.toHaveBeenCalled();
});

const half = goodText.length / 2;
const piece = (content: string, rest: object = { done: false }) => ({
  message: { role: 'assistant', content },
  ...rest,
});
const last = { done: true, done_reason: 'stop', prompt_eval_count: 120, eval_count: 60 };
const pieces = [piece(goodText.slice(0, half)), piece(goodText.slice(half)), piece('', last)];
const lines = pieces.map((one) => JSON.stringify(one)).join('\n');
const call = (args: unknown) => ({
  content: '',
  tool_calls: [{ function: { name: 'verdict', arguments: args } }],
});

const shapes: readonly (readonly [string, Behaviour, RegExp | null])[] = [
  [
    'thoughts of their own',
    ollamaReply({ content: goodText, thinking: 'It may be {"truth": "FACT"}.' }),
    null,
  ],
  [
    'the answer among its thoughts',
    ollamaReply({ content: '', thinking: `So: ${goodText}` }),
    /among its thoughts/,
  ],
  ['a call of a tool', ollamaReply(call(judged)), /a tool/],
  ['a call whose arguments are text', ollamaReply(call(goodText)), /a tool/],
  ['content as an object', ollamaReply({ content: judged }), null],
  [
    'no reason to be done',
    ollamaReply({ content: goodText }, { done_reason: undefined, done: undefined }),
    null,
  ],
  ['null for its reason', ollamaReply({ content: goodText }, { done_reason: null }), null],
  ['pieces, though asked for one', { raw: lines, type: 'application/x-ndjson' }, null],
  ['pieces as events', { raw: events(pieces, ''), type: 'text/event-stream' }, null],
  ['JSON of another type', { raw: JSON.stringify(piece(goodText, last)), type: 'text/plain' }, null],
  [
    'a mark before the JSON',
    { raw: `\uFEFF${JSON.stringify(piece(goodText, last))}`, type: 'application/json' },
    null,
  ],
];

describe.concurrent('Ollama that answers with', () => {
  it.each(shapes)('%s is understood at the first try', async (_, behave, note) => {
    const { answer, requests } = await askQuirky({ api: 'ollama', behave });
    expect(requests).toHaveLength(1);
    expect(answer().value).toMatchObject(verdict);
    expect(answer().origin.notes).toEqual(note === null ? undefined : [expect.stringMatching(note)]);
  });
});

const failures: readonly (readonly [string, unknown, RegExp, number])[] = [
  ['an error', { error: 'llama runner process has terminated' }, /an error in an HTTP 200: llama runner/, 2],
  ['an error with a code', { error: { message: 'not for you', code: 403 } }, /not for you \(code 403\)/, 1],
  ['nothing but its name', { model: 'fake' }, /no message/, 2],
  [
    'thoughts alone',
    { message: { content: '', thinking: 'Hm.' }, done_reason: 'stop' },
    /it only thought$/,
    2,
  ],
  [
    'thoughts that were cut off',
    { message: { content: '', thinking: goodText }, done_reason: 'length' },
    /only thought, until it was cut off/,
    2,
  ],
  [
    'the news that it loaded',
    { message: { content: '' }, done_reason: 'load' },
    /it only loaded the model/,
    2,
  ],
];

describe.concurrent('a success of Ollama that holds', () => {
  it.each(failures)('%s is told with its words', async (_, answer, told, tries) => {
    const { outcome, requests } = await askQuirky({ api: 'ollama', behave: { status: 200, answer } });
    expect(requests).toHaveLength(tries);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(told) } });
  });

  it('pieces with an error is told, too', async () => {
    const raw = `${JSON.stringify(pieces[0])}\n${JSON.stringify({ error: 'an error was encountered' })}\n`;
    const { outcome } = await askQuirky({ api: 'ollama', behave: { raw, type: 'application/x-ndjson' } });
    expect(outcome).toMatchObject({
      reason: { message: expect.stringMatching(/200: an error was encountered/) },
    });
  });
});

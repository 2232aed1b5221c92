// Replies of servers that speak OpenAI's language each in their own way, over the wire and through the
// official client: what is needed is taken from them, and what had to be put up with stands in the origin.

import { describe, expect, it } from 'vitest';
import { limits } from '../../core/limits.ts';
import type { Behaviour } from '../support/fake-model-server.ts';
import { askQuirky, completion, events, goodText, judged, verdict } from '../support/quirky-server.ts';

const fine = { content: goodText };
const half = goodText.length / 2;
const delta = (said: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: said, finish_reason }],
});
const halves = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: goodText.slice(0, half) }),
  delta({ content: goodText.slice(half) }),
  delta({}, 'stop'),
];
const streamed = (raw: string, type = 'text/event-stream'): Behaviour => ({ raw, type });
const called = (name: string, args: unknown) => ({
  content: null,
  tool_calls: [{ id: 'call_1', type: 'function', function: { name, arguments: args } }],
});
const calledInPieces = [
  delta({ tool_calls: [{ index: 0, function: { name: 'verdict', arguments: goodText.slice(0, half) } }] }),
  delta({ tool_calls: [{ index: 0, function: { arguments: goodText.slice(half) } }] }),
  delta({}, 'tool_calls'),
];
const inParts = [
  { type: 'text', text: goodText.slice(0, half) },
  { type: 'text', text: goodText.slice(half) },
];
const magistral = [
  { type: 'thinking', thinking: [{ type: 'text', text: 'It may be {"truth": "FACT"}.' }] },
  { type: 'text', text: goodText },
];
const whole = JSON.stringify({ choices: [{ message: fine }] });

/** Who answers so, how, and what the event notes. One request each. */
const shapes: readonly (readonly [string, Behaviour, RegExp | null])[] = [
  ['content as a list of parts', completion({ content: inParts }), /in parts/],
  ['content as a list of texts', completion({ content: [goodText] }), /in parts/],
  ['thoughts among the parts (Mistral)', completion({ content: magistral }), /in parts/],
  ['content as an object', completion({ content: judged }), null],
  ['the parsed object beside no content', completion({ content: null, parsed: judged }), null],
  [
    'a call of a tool',
    completion(called('verdict', goodText), {}, { finish_reason: 'tool_calls' }),
    /a tool/,
  ],
  ['a call whose arguments are an object', completion(called('verdict', judged)), /a tool/],
  [
    'a call, announced in words',
    completion({ ...called('verdict', goodText), content: 'I call it.' }),
    /a tool/,
  ],
  [
    'the older call of a function',
    completion({ content: '', function_call: { arguments: goodText } }),
    /a tool/,
  ],
  ['a refusal that is empty', completion({ ...fine, refusal: '' }), null],
  ['no reason to finish', completion(fine, {}, { finish_reason: null }), null],
  ['no role, no index, no id', { status: 200, answer: { choices: [{ message: fine }] } }, null],
  ['the text of an older completion', { status: 200, answer: { choices: [{ text: goodText }] } }, null],
  ['an empty error beside the answer', completion(fine, { error: {} }), null],
  [
    'its answer in the second choice',
    { status: 200, answer: { choices: [{ message: { content: '' } }, { message: fine }] } },
    null,
  ],
  ['thoughts of their own', completion({ ...fine, reasoning_content: 'Perhaps {"truth": "FACT"}?' }), null],
  [
    'the answer among the thoughts (Gemma, Qwen)',
    completion({ content: '', reasoning: goodText }),
    /among its thoughts/,
  ],
  ['pieces, though asked for one', streamed(events(halves)), null],
  ['pieces that say they are JSON', streamed(events(halves), 'application/json'), null],
  [
    'pieces without an end, between remarks',
    streamed(`: ping\n\nevent: message\n${events(halves, '')}`),
    null,
  ],
  ['pieces with CRLF', streamed(events(halves).replaceAll('\n', '\r\n')), null],
  ['pieces of a call', streamed(events(calledInPieces)), /a tool/],
  ['one piece that is all', streamed(`data: ${whole}\n\ndata: [DONE]\n\n`), null],
  ['pieces on a line that stays open', { raw: events(halves), type: 'text/event-stream', open: true }, null],
  ['JSON that says it is text', streamed(whole, 'text/plain'), null],
  ['a mark before the JSON', streamed(`\uFEFF${whole}`, 'application/json'), null],
  ['JSON of no type', streamed(whole, 'application/octet-stream'), null],
];

describe.concurrent('a server that answers with', () => {
  it.each(shapes)('%s is understood at the first try', async (_, behave, note) => {
    const { answer, requests } = await askQuirky({ behave });
    expect(requests).toHaveLength(1);
    const { value, origin } = answer();
    expect(value).toMatchObject(verdict);
    expect(origin.notes).toEqual(note === null ? undefined : [expect.stringMatching(note)]);
  });
});

describe.concurrent('the Responses API', () => {
  const output = (content: readonly object[]) => [
    { type: 'reasoning', summary: [] },
    { type: 'message', content },
  ];
  const text = { type: 'output_text', text: goodText };

  it('is understood without counts, with reasoning beside the message', async () => {
    const { outcome } = await askQuirky({
      api: 'responses',
      behave: { status: 200, answer: { output: output([text]) } },
    });
    expect(outcome).toMatchObject({ status: 'fulfilled', value: { value: verdict } });
  });

  it.each<[string, object, RegExp]>([
    [
      'failed',
      { status: 'failed', error: { code: 'server_error', message: 'It broke.' }, output: [] },
      /200: It broke\. \(code server_error\)/,
    ],
    [
      'was filtered',
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: output([]) },
      /refused: it was stopped by a content filter/,
    ],
    [
      'was cut off',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: output([]) },
      /empty, until it was cut off/,
    ],
  ])('says when it %s', async (_, answer, told) => {
    const { outcome } = await askQuirky({ api: 'responses', behave: { status: 200, answer } });
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(told) } });
  });
});

/** A success that is none: what it says reaches the event. */
const errors: readonly (readonly [string, unknown, RegExp, number])[] = [
  [
    'LM Studio',
    { error: 'Unexpected endpoint or method. (POST /chat/completions)' },
    /200: Unexpected endpoint/,
    2,
  ],
  [
    'OpenRouter',
    { error: { message: 'Provider returned error', code: 502 } },
    /200: Provider returned error \(code 502\)/,
    2,
  ],
  [
    'OpenRouter on quotas',
    { error: { message: 'Rate limit exceeded', code: 429 } },
    /Rate limit exceeded \(code 429\)/,
    2,
  ],
  [
    'OpenRouter on keys',
    { error: { message: 'No auth credentials found', code: 401 } },
    /No auth.*code 401/,
    1,
  ],
  [
    'OpenRouter within a choice',
    {
      choices: [
        { finish_reason: 'error', message: { content: '' }, error: { code: 503, message: 'Overloaded' } },
      ],
    },
    /Overloaded \(code 503\)/,
    2,
  ],
  [
    'a proxy of a server with more to say',
    {
      error: { message: 'Provider returned error', code: 400, metadata: { raw: '{"message":"bad words"}' } },
    },
    /Provider returned error \(bad words\) \(code 400\)/,
    1,
  ],
  [
    'Gemini',
    [{ error: { code: 404, message: 'models/fake is not found', status: 'NOT_FOUND' } }],
    /models\/fake is not found/,
    1,
  ],
  ['one on FastAPI', { detail: 'the engine is dead' }, /200: the engine is dead/, 2],
  ['vLLM', { object: 'error', message: 'out of memory', code: 500 }, /out of memory \(code 500\)/, 2],
  ['one without choices', { id: 'x', choices: [] }, /no message: its list of choices is empty/, 2],
  ['one whose choice is empty', { choices: [{ finish_reason: 'stop' }] }, /the reply is empty/, 2],
  [
    'Azure',
    { choices: [{ finish_reason: 'content_filter', message: { content: null } }] },
    /refused.*content filter/,
    2,
  ],
  [
    'a model that thought until it was cut off',
    { choices: [{ finish_reason: 'length', message: { content: null, reasoning_content: 'Hm.' } }] },
    /empty: it only thought, until it was cut off/,
    2,
  ],
  [
    'thoughts that were cut off are no answer',
    { choices: [{ finish_reason: 'length', message: { content: '', reasoning_content: goodText } }] },
    /empty: it only thought, until it was cut off/,
    2,
  ],
];

describe.concurrent('an error within a success', () => {
  it.each(errors)('of %s is told with its words and its code', async (_, answer, told, tries) => {
    const { outcome, requests } = await askQuirky({ behave: { status: 200, answer } });
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(told) } });
    expect(requests).toHaveLength(tries);
  });

  it('among the pieces of a stream is told, too', async () => {
    const raw = events([halves[1] ?? {}, { error: { message: 'The GPU fell off', code: 500 } }]);
    const { outcome } = await askQuirky({ behave: streamed(raw) });
    expect(outcome).toMatchObject({
      reason: { message: expect.stringMatching(/GPU fell off \(code 500\)/) },
    });
  });

  it('a reply without an end is not read for ever', async () => {
    const { outcome } = await askQuirky({
      behave: streamed('x'.repeat(limits.replyBytesMax + 1), 'text/plain'),
    });
    expect(outcome).toMatchObject({ reason: { message: expect.stringMatching(/more than 4000000 bytes/) } });
  });
});

/** Failures as the servers word them, and what is told of them. */
const failures: readonly (readonly [string, number, unknown, RegExp])[] = [
  [
    'Mistral',
    422,
    { object: 'error', message: { detail: [{ loc: ['body', 'model'], msg: 'Field required' }] } },
    /HTTP 422: body\.model: Field required/,
  ],
  [
    'FastAPI',
    422,
    { detail: [{ type: 'x', loc: ['body', 'model'], msg: 'bad', input: goodText }] },
    /^HTTP 422: body\.model: bad$/,
  ],
  [
    'one with its words in the parameter',
    400,
    { error: { message: 'Param Incorrect', param: 'model is unknown' } },
    /Param Incorrect \(model is unknown\)/,
  ],
  [
    'Gemini',
    400,
    [{ error: { code: 400, message: 'API key not valid.' } }],
    /^HTTP 400: API key not valid\.$/,
  ],
  [
    'OpenAI',
    404,
    { error: { message: 'No such model', code: 'model_not_found' } },
    /No such model \(code model_not_found\)/,
  ],
  ['text within text', 400, { message: '{"error":{"message":"deep down"}}' }, /^HTTP 400: deep down$/],
];

describe.concurrent('a failure', () => {
  it.each(failures)('as %s says it is told in its words', async (_, status, answer, told) => {
    const { outcome } = await askQuirky({ behave: { status, answer } });
    expect(outcome).toMatchObject({ reason: { message: expect.stringMatching(told) } });
  });

  it('of an answer that the server itself turned down is read like any reply (Groq)', async () => {
    const error = { message: 'Failed to generate JSON.', code: 'json_validate_failed' };
    const behave = { status: 400, answer: { error: { ...error, failed_generation: `${goodText} done` } } };
    const { outcome, requests } = await askQuirky({ behave });
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({ status: 'fulfilled', value: { value: verdict } });
  });
});

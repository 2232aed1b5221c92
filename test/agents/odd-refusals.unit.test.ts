// Requests that servers refuse because of how they were asked, in the words and with the status of each: they
// are asked in another way at once, remembered, and asked the first way again after a while. Over the wire,
// through the official clients.

import { describe, expect, it } from 'vitest';
import { limits } from '../../core/limits.ts';
import type { Behaviour, FakeRequest } from '../support/fake-model-server.ts';
import { type Api, askQuirky, verdict } from '../support/quirky-server.ts';

interface Asked {
  readonly [part: string]: unknown;
  readonly messages: readonly { role: string; content: string }[];
}
const bodyOf = ({ body }: FakeRequest) => body as Asked;
const said = (message: unknown, rest: object = {}) => ({ error: { message, ...rest } });

/** Refuses what the predicate finds, and answers well otherwise. */
const refusing =
  (status: number, answer: unknown, refused: (body: Asked) => boolean) =>
  (request: FakeRequest): Behaviour =>
    refused(bodyOf(request)) ? { status, answer } : 'good';

const max = limits.modelTokensMax;
const newer = (body: Asked) => 'max_completion_tokens' in body;
const older = (body: Asked) => 'max_tokens' in body;
const names = (body: Asked) => ['max_completion_tokens', 'max_tokens'].filter((name) => name in body);
const extra = (field: string) => ({
  type: 'extra_forbidden',
  loc: ['body', field],
  msg: 'Extra inputs are not permitted',
  input: 1,
});

/** Who says so, the status, what is said, and what is refused. */
const namesRefused: readonly (readonly [string, number, unknown, (body: Asked) => boolean])[] = [
  ['Mistral', 422, { object: 'error', message: { detail: [extra('max_completion_tokens')] } }, newer],
  [
    'Mistral, with something else first',
    422,
    { detail: [extra('store'), extra('max_completion_tokens')] },
    newer,
  ],
  [
    'vLLM',
    400,
    { object: 'error', message: `[${JSON.stringify(extra('max_completion_tokens'))}]`, code: 400 },
    newer,
  ],
  [
    'one that only speaks of it',
    400,
    said('unrecognized request argument supplied: max_completion_tokens'),
    newer,
  ],
  ['one that misses the other', 400, said('max_tokens: field required'), newer],
  ['one with spaces', 400, said('The parameter "max completion tokens" is unknown here'), newer],
  ['one that fails over it', 500, said("unexpected keyword argument 'max_completion_tokens'"), newer],
  [
    'a proxy that says it in a success',
    200,
    said('Unknown field: max_completion_tokens', { code: 400 }),
    newer,
  ],
];

describe.concurrent('a server that does not know a name for the bound on tokens', () => {
  it.each(namesRefused)(
    '%s is asked with the other one, and from then on',
    async (_, status, answer, refused) => {
      const {
        outcomes,
        bodies,
        answer: first,
      } = await askQuirky({ behave: refusing(status, answer, refused), times: 2 });
      expect(bodies.map((body) => names(body as Asked))).toEqual([
        ['max_completion_tokens'],
        ['max_tokens'],
        ['max_tokens'],
      ]);
      expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
      expect(first().origin.notes).toEqual([
        expect.stringMatching(/^asked with max_tokens: .*max.(completion.)?tokens/),
      ]);
    },
  );

  it('and knows no schema is asked with the newer name where the older one is refused (o1)', async () => {
    const words =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    const { bodies, outcome } = await askQuirky({
      behave: (request) => {
        const { response_format, max_tokens } = bodyOf(request);
        if (response_format !== undefined)
          return { status: 400, answer: said('response_format is not supported') };
        return max_tokens === undefined
          ? 'good'
          : { status: 400, answer: said(words, { param: 'max_tokens' }) };
      },
    });
    expect(outcome).toMatchObject({ status: 'fulfilled' });
    expect(names(bodies.at(-1) as Asked)).toEqual(['max_completion_tokens']);
  });

  it('and knows neither is asked without', async () => {
    const behave = refusing(
      400,
      said('max_tokens and max_completion_tokens are not allowed'),
      (body) => newer(body) || older(body),
    );
    const { bodies, answer } = await askQuirky({ behave });
    expect(bodies.map((body) => names(body as Asked))).toEqual([
      ['max_completion_tokens'],
      ['max_tokens'],
      [],
    ]);
    expect(answer().origin.notes).toContainEqual(expect.stringMatching(/^asked without a bound/));
  });
});

/** What is said to a bound that is too high, and the one that is sent then. */
const tooHigh: readonly (readonly [string, string, number])[] = [
  [
    'OpenAI',
    `max_tokens is too large: ${max}. This model supports at most 1024 completion tokens, whereas you provided ${max}.`,
    1024,
  ],
  ['DeepSeek', 'Invalid max_tokens value, the valid range of max_tokens is [1, 2048]', 2048],
  ['Alibaba', 'Range of max_tokens should be [1, 2000]', 2000],
  [
    'Volcengine',
    `The parameter \`max_completion_tokens\` is not valid: integer above maximum value, expected a value <= 2048, but got ${max} instead.`,
    2048,
  ],
  [
    'Groq',
    '`max_completion_tokens` must be less than or equal to `1,024`, the maximum value for `max_completion_tokens`',
    1024,
  ],
  ['one with a maximum', 'max_tokens exceeds the maximum of 3000 tokens', 3000],
  ['one that wants fewer', 'max_completion_tokens must be less than 2048', 2047],
  ['one between', 'max_tokens must be between 1 and 1500', 1500],
  [
    'vLLM',
    `'max_tokens' or 'max_completion_tokens' is too large: ${max}. This model's maximum context length is 4096 tokens and your request has 1096 input tokens (${max} > 4096 - 1096).`,
    3000,
  ],
  [
    'an older vLLM',
    `This model's maximum context length is 4096 tokens. However, you requested 5192 tokens (1096 in the messages, ${max} in the completion).`,
    3000,
  ],
  [
    'a newer vLLM',
    `This model's maximum context length is 4096 tokens. However, you requested ${max} output tokens and your prompt contains at least 1096 input tokens, for a total of at least 5192 tokens.`,
    3000,
  ],
  ['one that names no limit', 'max_tokens is too large', max / 2],
];

describe.concurrent('a server that allows fewer tokens', () => {
  it.each(tooHigh)('%s is asked for as many as it allows, and from then on', async (_, words, limit) => {
    const refused = (body: Asked) => Number(body['max_completion_tokens']) > limit;
    const { bodies, answer } = await askQuirky({ behave: refusing(400, said(words), refused), times: 2 });
    expect(bodies.map((body) => body['max_completion_tokens'])).toEqual([max, limit, limit]);
    expect(answer().origin.notes).toEqual([
      expect.stringMatching(new RegExp(`^asked for at most ${limit} tokens: `)),
    ]);
  });

  it('than an answer takes is given up, with its words', async () => {
    const words = 'max_tokens is too large: at most 100 are allowed';
    const { bodies, outcome } = await askQuirky({ behave: { status: 400, answer: said(words) } });
    expect(bodies).toHaveLength(1);
    expect(outcome).toMatchObject({ reason: { message: `HTTP 400: ${words}` } });
  });

  it('is asked for fewer where a request is too large for a minute (Groq)', async () => {
    const words = 'Request too large for model on tokens per minute (TPM): Limit 3000, Requested 5000';
    const refused = (body: Asked) => Number(body['max_completion_tokens']) > 1_500;
    const { bodies, outcome } = await askQuirky({ behave: refusing(413, said(words), refused) });
    expect(bodies.map((body) => body['max_completion_tokens'])).toEqual([max, 3000, 1500]);
    expect(outcome).toMatchObject({ status: 'fulfilled' });
  });

  it('is asked so by the Responses API and by Ollama, too', async () => {
    const words = 'max_output_tokens is too large: this model supports at most 1024 tokens';
    const { bodies } = await askQuirky({
      api: 'responses',
      behave: refusing(400, said(words), (body) => Number(body['max_output_tokens']) > 1024),
    });
    expect(bodies.map((body) => body['max_output_tokens'])).toEqual([max, 1024]);
    const most = (body: unknown) => (body as { options: { num_predict: number } }).options.num_predict;
    const { bodies: ollamas } = await askQuirky({
      api: 'ollama',
      behave: (request) => (most(request.body) > 1024 ? { status: 400, answer: { error: words } } : 'good'),
    });
    expect(ollamas.map(most)).toEqual([max, 1024]);
  });
});

const hasSystem = ({ messages }: Asked) => messages[0]?.role === 'system';

const noSystem: readonly (readonly [string, Api, number, unknown])[] = [
  ['Gemma on vLLM', 'chat', 400, { object: 'error', message: 'System role not supported', code: 400 }],
  [
    'Mixtral on vLLM',
    'chat',
    400,
    said('Conversation roles must alternate user/assistant/user/assistant/...'),
  ],
  ['one behind a template', 'chat', 500, said('jinja2.exceptions.TemplateError: System role not supported')],
  [
    'o1-mini',
    'chat',
    400,
    said("Unsupported value: 'messages[0].role' does not support 'system' with this model."),
  ],
  ['Gemma at Gemini', 'chat', 400, [said('Developer instruction is not enabled for models/gemma-3-27b-it')]],
  ['one of two roles', 'chat', 400, said('Only user and assistant roles are supported!')],
  [
    'a template on Ollama',
    'ollama',
    500,
    { error: '{"error":{"code":500,"message":"Jinja Exception: conversation roles must alternate"}}' },
  ],
];

describe.concurrent('a server that takes no instructions in a role of their own', () => {
  it.each(noSystem)('%s has them in the first message, and from then on', async (_, api, status, answer) => {
    const { bodies, answer: first } = await askQuirky({
      api,
      behave: refusing(status, answer, hasSystem),
      times: 2,
    });
    const roles = bodies.map((body) => (body as Asked).messages.map(({ role }) => role));
    expect(roles).toEqual([['system', 'user'], ['user'], ['user']]);
    const content = (bodies[1] as Asked).messages[0]?.content;
    expect(content).toMatch(/^You check statements[\s\S]*\n\nJudge this statement\.\n<data>/);
    expect(first().value).toMatchObject(verdict);
    expect(first().origin.notes).toEqual([
      expect.stringMatching(/^asked with the instructions in the first message: /),
    ]);
  });
});

describe.concurrent('forms of an answer', () => {
  it.each<[string, unknown]>([
    [
      'before it knew schemas',
      'json: cannot unmarshal object into Go struct field ChatRequest.format of type string',
    ],
    ['on a grammar', 'failed to parse grammar'],
    ['of the next version', 'invalid format: expected "json" or a JSON schema'],
  ])('Ollama %s is asked for JSON, with the schema in words', async (_, error) => {
    const { bodies, answer } = await askQuirky({
      api: 'ollama',
      behave: refusing(400, { error }, ({ format }) => typeof format === 'object'),
      times: 2,
    });
    expect(bodies.map(({ format }) => format)).toEqual([expect.any(Object), 'json', 'json']);
    expect((bodies[1] as Asked).messages[0]?.content).toMatch(/fits this JSON Schema/);
    expect(answer().origin.notes).toEqual([expect.stringMatching(/^asked without a schema: HTTP 400/)]);
  });

  it('are left out by the Responses API, too, for a model that knows none', async () => {
    const words =
      "Invalid parameter: 'text.format' of type 'json_schema' is not supported with model version `fake`.";
    const { bodies } = await askQuirky({ api: 'responses', behave: { status: 400, answer: said(words) } });
    const formats = bodies.map(({ text }) => (text as { format: { type: string } }).format.type);
    expect(formats).toEqual(['json_schema', 'json_object', 'text']);
  });

  it.each<[string, number, string]>([
    ['Groq', 400, 'This model does not support response format `json_schema`.'],
    [
      'Azure',
      400,
      'response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later',
    ],
    ['one with 404', 404, 'No endpoints found that support structured outputs'],
    ['OpenRouter', 404, 'No endpoints found that can handle the requested parameters.'],
    ['one with 501', 501, 'guided decoding is not available'],
  ])('are stepped down by %s', async (_, status, words) => {
    const refused = ({ response_format: form }: Asked) =>
      (form as { type?: string } | undefined)?.type === 'json_schema';
    const { bodies, outcome } = await askQuirky({ behave: refusing(status, said(words), refused) });
    expect(outcome).toMatchObject({ status: 'fulfilled' });
    expect(bodies).toHaveLength(2);
  });
});

describe.concurrent('what was learned', () => {
  const gemma = (request: FakeRequest): Behaviour => {
    const body = bodyOf(request);
    if (newer(body))
      return { status: 400, answer: said('max_completion_tokens: Extra inputs are not permitted') };
    if (hasSystem(body)) return { status: 400, answer: said('System role not supported') };
    if (Number(body['max_tokens']) > 1024) return { status: 400, answer: said('max_tokens: at most 1024') };
    return body['response_format'] === undefined
      ? 'good'
      : { status: 400, answer: said('no response_format') };
  };

  it('of one server is several things at once, each with its reason in the event', async () => {
    const { bodies, answer } = await askQuirky({ behave: gemma, times: 2 });
    expect(bodies).toHaveLength(7);
    expect(bodies.at(-1)).toMatchObject({ max_tokens: 1024, messages: [{ role: 'user' }] });
    expect(answer().origin.notes).toEqual([
      'asked with max_tokens: HTTP 400: max_completion_tokens: Extra inputs are not permitted',
      'asked with the instructions in the first message: HTTP 400: System role not supported',
      'asked for at most 1024 tokens: HTTP 400: max_tokens: at most 1024',
      'asked without a schema: HTTP 400: no response_format',
      'asked in words alone: HTTP 400: no response_format',
    ]);
  });

  it('is learned anew after a while: the server may have been upgraded', async () => {
    let now = 0;
    let answers = 0;
    const { bodies } = await askQuirky({
      times: 3,
      clock: () => now,
      behave(request) {
        const upgraded = answers === 2;
        const answer = upgraded ? 'good' : gemma(request);
        if (answer === 'good') answers += 1;
        if (answers === 2) now = limits.modelWaysKeptMs + 1;
        return answer;
      },
    });
    expect(bodies).toHaveLength(8);
    expect(bodies.at(-2)).toMatchObject({ max_tokens: 1024 });
    expect(bodies.at(-1)).toMatchObject({
      max_completion_tokens: max,
      response_format: { type: 'json_schema' },
    });
  });

  it('is nothing where the words are about keys, quotas or overload', async () => {
    for (const status of [401, 403, 429, 503]) {
      const answer = said('max_tokens per minute for response_format json_schema exceeded');
      const { bodies } = await askQuirky({ behave: { status, answer } });
      expect(new Set(bodies.map((body) => JSON.stringify(body))).size, String(status)).toBe(1);
    }
  });

  it('never takes more than so many requests, whatever a server says', async () => {
    const large = 'max_tokens is too large';
    const words = [
      large,
      large,
      large,
      large,
      'response_format',
      'json_object',
      'System role',
      'max_tokens',
      'max_tokens',
    ];
    const { bodies, outcome } = await askQuirky({
      behave: ({ number }) => ({ status: 400, answer: said(`request ${number}: ${words[number - 1]}`) }),
    });
    expect(bodies).toHaveLength(limits.modelRefusalsMax + 1);
    expect(outcome).toMatchObject({ reason: { message: 'HTTP 400: request 1: max_tokens is too large' } });
  });
});

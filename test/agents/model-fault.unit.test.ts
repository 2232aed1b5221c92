// What an event tells of a failure: one short line that gives no secret away, whoever wrote it.

import { describe, expect, it } from 'vitest';
import { httpFault, lostFault, retryAfterOf, safeLine } from '../../agents/model-fault.ts';
import { createOllama } from '../../agents/ollama.ts';
import { createOpenAI } from '../../agents/openai.ts';
import { limits } from '../../core/limits.ts';

const request = { name: 'x', instructions: '', turns: [], schema: {}, temperature: 0 };
const soon = () => AbortSignal.timeout(5_000);

describe('the line of a failure', () => {
  it('is one line of bounded length, without markup', () => {
    const page = `<html><style>body { color: red }</style><h1>Bad\n gateway</h1>${'x'.repeat(1_000)}</html>`;
    const line = safeLine(page);
    expect(line).toMatch(/^Bad gateway x+…$/);
    expect(line).toHaveLength(limits.originErrorCharsMax);
  });

  it.each([
    ['the configured key', 'bad key tr0ub4dor', 'bad key ***'],
    ['anything that looks like a key', 'Incorrect key sk-proj-ab_cd-1234***wxyz.', 'Incorrect key ***'],
    ['a bearer token', 'sent Authorization: Bearer abc.def.ghi', 'sent Authorization: Bearer ***'],
    ['a password in an address', 'no http://ann:pa55@host:1/x', 'no http://***@host:1/x'],
  ])('leaves out %s', (_what, said, expected) => {
    expect(safeLine(said, ['tr0ub4dor'])).toBe(expected);
  });

  it('names the causes below the client’s own words', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const error = new TypeError('fetch failed', { cause: new AggregateError([refused]) });
    const fault = lostFault(error, []);
    expect(fault.message).toBe('fetch failed: AggregateError: connect ECONNREFUSED 127.0.0.1:1');
    expect(fault.retryable).toBe(false);
    expect(lostFault(new TypeError('terminated'), [])).toMatchObject({
      message: 'terminated',
      retryable: true,
    });
    expect(lostFault('out of order', []).message).toBe('out of order');
  });

  it('says whether another try may help, and how long to wait', () => {
    const of = (status: number) => httpFault(status, '', { retryAfterMs: null, secrets: [] }).retryable;
    expect([408, 429, 500, 503, 529].map(of)).toEqual([true, true, true, true, true]);
    expect([400, 401, 403, 404, 422].map(of)).toEqual([false, false, false, false, false]);
    expect(retryAfterOf(new Headers({ 'retry-after-ms': '250', 'retry-after': '9' }))).toBe(250);
    expect(retryAfterOf(new Headers({ 'retry-after': '2' }))).toBe(2_000);
    expect(retryAfterOf(new Headers({ 'retry-after': 'Fri, 01 Jan 2027 00:00:00 GMT' }))).toBeNull();
    expect(retryAfterOf(new Headers())).toBeNull();
  });
});

describe('an adapter', () => {
  it('of Ollama does not repeat the password in its address', async () => {
    const talk = createOllama({ url: 'http://ann:pa55word@127.0.0.1:1', model: 'fake' });
    const fault = await talk(request, soon()).catch((error: unknown) => error);
    expect(String(fault)).toContain('***@');
    expect(String(fault)).not.toContain('pa55word');
  });

  it('of OpenAI is made without a key, and says so when it is asked', async () => {
    const talk = createOpenAI({ apiKey: null, baseUrl: null, model: 'fake', api: 'responses' });
    await expect(talk(request, soon())).rejects.toMatchObject({ code: 'model_unset', retryable: false });
  });
});

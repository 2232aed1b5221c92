import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createOllamaEmbedder, createOpenAIEmbedder } from '../../../agents/memory/remote-embedders.ts';
import type { Embedder } from '../../../core/memory.ts';
import type { FakeServer } from '../../support/fake-model-server.ts';
import { fakeDimensions, startFakeOllama } from '../../support/fake-ollama.ts';
import { startFakeOpenAI } from '../../support/fake-openai.ts';

const { signal } = new AbortController();
const texts = [
  'The capital of Australia is Canberra.',
  'Lead melts.',
  'Canberra is the capital city of Australia.',
];
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

async function on(start: () => Promise<FakeServer>, use: (url: string) => Promise<void>): Promise<void> {
  const fake = await start();
  await use(fake.url).finally(() => fake.stop());
}

const ollamaAt = (url: string, dimensions = fakeDimensions) =>
  createOllamaEmbedder({ url, model: 'nomic-embed-text:latest', dimensions });
const openaiAt = (url: string) =>
  createOpenAIEmbedder({ apiKey: 'laboratory-key', baseUrl: `${url}/v1`, model: 'text-embedding-3-small' });

const embedders: readonly (readonly [string, () => Promise<FakeServer>, (url: string) => Embedder])[] = [
  ['Ollama', startFakeOllama, ollamaAt],
  ['OpenAI', startFakeOpenAI, openaiAt],
];

describe.each(embedders)('an embedder on %s', (_name, start, at) => {
  test('gives a vector of unit length per text, in their order', () =>
    on(start, async (url) => {
      const embedder = at(url);
      const [first, second, again] = await embedder.embed(texts, signal);
      if (!first || !second || !again) throw new Error('three texts');
      expect(first).toHaveLength(embedder.dimensions);
      expect(dot(first, first)).toBeCloseTo(1, 5);
      expect(dot(first, again)).toBeGreaterThan(dot(first, second));
    }));

  test('asks nobody about no texts', async () => {
    expect(await at('http://127.0.0.1:1').embed([], signal)).toEqual([]);
  });

  test('fails with one line when nobody answers', async () => {
    await expect(at('http://127.0.0.1:1').embed(texts, signal)).rejects.toMatchObject({ code: 'model_lost' });
  });

  test('ends with its signal', () =>
    on(start, async (url) => {
      const aborted = AbortSignal.abort(new Error('over'));
      await expect(at(url).embed(texts, aborted)).rejects.toThrow('over');
    }));
});

test('a vector of another length than was named is refused, so that spaces stay apart', () =>
  on(startFakeOllama, async (url) => {
    await expect(ollamaAt(url, 32).embed(texts, signal)).rejects.toThrow(
      'a vector of 64 numbers instead of 32',
    );
  }));

/** A server that answers every request with this. */
async function answering(
  status: number,
  answer: unknown,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await use(`http://127.0.0.1:${port}`).finally(() => new Promise((resolve) => server.close(resolve)));
}

describe.each([
  ['Ollama', ollamaAt],
  ['OpenAI', openaiAt],
] as const)('an embedder of the kind of %s', (_name, at) => {
  test.each([
    [
      'an error with a success',
      200,
      { error: { message: 'it is loading', code: 503 } },
      /200: it is loading \(code 503\)/,
    ],
    [
      'an error in its own form',
      400,
      { object: 'error', message: 'no matryoshka here' },
      /HTTP 400: no matryoshka here/,
    ],
    ['a list of one error', 429, [{ error: { message: 'too many' } }], /HTTP 429: too many/],
  ] as const)('tells %s in the words of its server', (_what, status, answer, told) =>
    answering(status, answer, async (url) => {
      await expect(at(url).embed(texts, signal)).rejects.toMatchObject({
        code: 'model_http',
        message: expect.stringMatching(told),
      });
    }),
  );
});

test('the space names provider, model and length, in letters that an index may have', () => {
  expect(ollamaAt('http://127.0.0.1:1').space).toBe('ollama_nomic_embed_text_latest_64');
  expect(openaiAt('http://127.0.0.1:1').space).toBe('openai_text_embedding_3_small_384');
});

// Embedders of Ollama and OpenAI through the official clients. A model's vectors make a space of their own,
// so changing the model starts a new memory and leaves the old one as it is.

import { Ollama } from 'ollama';
import { z } from 'zod';
import type { Embedder } from '../../core/memory.ts';
import { ModelFault } from '../model.ts';
import { faultInSuccess, lostFault } from '../model-fault.ts';
import { fetchWith } from '../ollama.ts';
import { faultOf, openClient } from '../openai.ts';
import { errorIn } from '../wire/server-error.ts';
import { unit } from './hashed-embedder.ts';

// What both can give: OpenAI cuts its vectors to any length, Ollama's models have one that is named.
const openaiDimensions = 384;

/** Letters, digits and underscores of a model's name. */
function spaceOf(provider: string, model: string, dimensions: number): string {
  return `${provider}_${model.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${dimensions}`;
}

/** `dimensions` as the model's card names them; another length is refused. */
export function createOllamaEmbedder(options: { url: string; model: string; dimensions: number }): Embedder {
  const { url, model, dimensions } = options;
  return {
    space: spaceOf('ollama', model, dimensions),
    dimensions,
    async embed(texts, signal) {
      if (texts.length === 0) return [];
      try {
        const client = new Ollama({ host: url, fetch: fetchWith(signal) });
        const reply: unknown = await client.embed({ model, input: [...texts] });
        throwIfFailed(reply, []);
        return vectorsOf(EmbedReply.parse(reply).embeddings, { count: texts.length, dimensions });
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof z.ZodError ? unusable('it has no vectors') : lostFault(error, []);
      }
    },
  };
}

/** `apiKey` null where a server of one's own needs none, `baseUrl` null for OpenAI itself. */
export function createOpenAIEmbedder(options: {
  apiKey: string | null;
  baseUrl: string | null;
  model: string;
}): Embedder {
  const { apiKey, baseUrl, model } = options;
  const secrets = apiKey === null ? [] : [apiKey];
  return {
    space: spaceOf('openai', model, openaiDimensions),
    dimensions: openaiDimensions,
    async embed(texts, signal) {
      if (texts.length === 0) return [];
      try {
        const client = await openClient(apiKey, baseUrl);
        const format = { dimensions: openaiDimensions, encoding_format: 'float' } as const;
        const body = { model, input: [...texts], ...format };
        // Not `embeddings.create`: it looks into the reply before it knows that there is one.
        const reply: unknown = await client.post('/embeddings', { body, signal });
        throwIfFailed(reply, secrets);
        const { data } = OpenAIReply.parse(reply);
        const rows = data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
        const wanted = { count: texts.length, dimensions: openaiDimensions };
        return vectorsOf(
          rows.map(({ embedding }) => embedding),
          wanted,
        );
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof z.ZodError) throw unusable('it has no vectors');
        throw error instanceof ModelFault ? error : faultOf(error, secrets);
      }
    },
  };
}

const vector = z.array(z.number());
const EmbedReply = z.object({ embeddings: z.array(vector) });
const OpenAIReply = z.object({ data: z.array(z.object({ index: z.int().nullish(), embedding: vector })) });

/** Some say with a success that they failed. */
function throwIfFailed(reply: unknown, secrets: readonly string[]): void {
  const error = errorIn(reply);
  if (error !== null) throw faultInSuccess(error, secrets);
}

function vectorsOf(rows: readonly (readonly number[])[], wanted: { count: number; dimensions: number }) {
  if (rows.length !== wanted.count) throw unusable(`${rows.length} vectors for ${wanted.count} texts`);
  const other = rows.find((row) => row.length !== wanted.dimensions);
  if (other) throw unusable(`a vector of ${other.length} numbers instead of ${wanted.dimensions}`);
  return rows.map((row) => unit(Float32Array.from(row)));
}

function unusable(why: string): ModelFault {
  return new ModelFault('model_reply', `the embedder's reply cannot be used: ${why}`, { retryable: true });
}

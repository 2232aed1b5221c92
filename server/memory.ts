// Composition of the memory: the configured embedder, and what is remembered in its space. Used by the agents
// that ask it, by the projector that fills it, and by a server for the host who goes on by hand.

import { createHashedEmbedder } from '../agents/memory/hashed-embedder.ts';
import { createRecall, type Recall } from '../agents/memory/recall.ts';
import { createOllamaEmbedder, createOpenAIEmbedder } from '../agents/memory/remote-embedders.ts';
import type { Embedder, Memory, Retractions } from '../core/memory.ts';
import type { Valkey } from '../streams/engine.ts';
import type { Config } from './config.ts';
import type { GameKeys } from './stores/keys.ts';
import { createMemory, createRetractions } from './stores/memory.ts';

export interface OpenMemory {
  readonly embedder: Embedder;
  readonly memory: Memory;
  readonly retractions: Retractions;
}

interface Kept {
  readonly commands: Valkey;
  readonly keys: GameKeys;
}

export function openMemory(config: Config, { commands, keys }: Kept): OpenMemory {
  const embedder = embedderFor(config);
  return {
    embedder,
    memory: createMemory(commands, keys, embedder),
    retractions: createRetractions(commands, keys),
  };
}

/** `onBlind` is told when the embedder failed and candidates were taken as they came. */
export function openRecall(config: Config, kept: Kept, onBlind: (error: unknown) => void): Recall {
  return createRecall({ ...openMemory(config, kept), onBlind });
}

function embedderFor({ embedder, models }: Config): Embedder {
  const { provider, model, dimensions } = embedder;
  if (provider === 'ollama') return createOllamaEmbedder({ url: models.ollamaUrl, model, dimensions });
  if (provider === 'openai') {
    return createOpenAIEmbedder({ apiKey: models.openaiApiKey, baseUrl: models.openaiBaseUrl, model });
  }
  return createHashedEmbedder();
}

// Wires the memory of past questions: the configured embedder, and the store of its vectors. The projector
// fills it, and the agents that make claims ask it.

import { createHashedEmbedder } from '../../agents/memory/hashed-embedder.ts';
import { createRecall, type Recall } from '../../agents/memory/recall.ts';
import { createOllamaEmbedder, createOpenAIEmbedder } from '../../agents/memory/remote-embedders.ts';
import type { Embedder, Memory, Retractions } from '../../core/memory.ts';
import type { Valkey } from '../../streams/parts.ts';
import type { Config } from '../config/config.ts';
import type { TellShortfall } from '../health/shortfalls.ts';
import type { GameKeys } from '../stores/keys.ts';
import { createMemory, createRetractions } from '../stores/memory.ts';

export interface OpenMemory {
  readonly embedder: Embedder;
  readonly memory: Memory;
  readonly retractions: Retractions;
}

interface Kept {
  readonly commands: Valkey;
  readonly keys: GameKeys;
  readonly tell: TellShortfall;
}

export function openMemory(config: Config, { commands, keys, tell }: Kept): OpenMemory {
  const embedder = watched(embedderFor(config), tell);
  return {
    embedder,
    memory: createMemory(commands, keys, embedder, { tell }),
    retractions: createRetractions(commands, keys),
  };
}

/** `onBlind` is told when the embedder failed, so that candidates were not compared with past questions. */
export function openRecall(config: Config, kept: Kept, onBlind: (error: unknown) => void): Recall {
  return createRecall({ ...openMemory(config, kept), onBlind });
}

/** Reports a shortfall when the embedder does not answer, and its end when it answers again. */
function watched(embedder: Embedder, tell: TellShortfall): Embedder {
  return {
    ...embedder,
    async embed(texts, signal) {
      try {
        const vectors = await embedder.embed(texts, signal);
        if (texts.length > 0) tell('embedder_silent', null);
        return vectors;
      } catch (error) {
        // The signal also comes when the agent ends, which says nothing about the embedder. A timeout does.
        const late = error instanceof DOMException && error.name === 'TimeoutError';
        if (late || !signal.aborted) tell('embedder_silent', String(error));
        throw error;
      }
    },
  };
}

function embedderFor({ embedder, models }: Config): Embedder {
  const { provider, model, dimensions } = embedder;
  if (provider === 'ollama') return createOllamaEmbedder({ url: models.ollamaUrl, model, dimensions });
  if (provider === 'openai') {
    return createOpenAIEmbedder({ apiKey: models.openaiApiKey, baseUrl: models.openaiBaseUrl, model });
  }
  return createHashedEmbedder();
}

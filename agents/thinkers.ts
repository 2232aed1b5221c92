// The three thinking agents, wired as configured: which provider and model each one asks. Called by whoever
// runs them.

import type { Agent } from '../core/ports.ts';
import { createModel } from './ask.ts';
import { withBreaker } from './breaker.ts';
import { createEditor } from './editor.ts';
import type { Knowledge } from './embedded.ts';
import type { Model, Talk } from './model.ts';
import { createOllama } from './ollama.ts';
import { createOpenAI } from './openai.ts';
import { createResearcher } from './researcher.ts';
import { createThink } from './think.ts';
import { createWriter } from './writer.ts';

export interface ModelChoice {
  readonly provider: 'embedded' | 'ollama' | 'openai';
  /** As the provider names it; of no account for the embedded one. */
  readonly model: string;
}

export interface ModelsConfig {
  readonly researcher: ModelChoice;
  readonly writer: ModelChoice;
  readonly editor: ModelChoice;
  readonly ollamaUrl: string;
  readonly openaiApiKey: string | null;
  /** Null is OpenAI itself; another server is spoken to by chat completions. */
  readonly openaiBaseUrl: string | null;
  /** For one step of one agent, repair tries included, in ms. */
  readonly timeoutMs: number;
  /** 0..1. */
  readonly confidenceMin: number;
}

export interface World {
  /** In ms, only for differences. */
  readonly clock: () => number;
  /** 0..1, evenly spread. */
  readonly random: () => number;
}

export interface Thinkers {
  readonly researcher: Agent;
  readonly writer: Agent;
  readonly editor: Agent;
}

export function createThinkers(
  config: ModelsConfig,
  knowledge: Knowledge,
  { clock, random }: World,
): Thinkers {
  // Agents of one process that ask the same model share its breaker.
  const models = new Map<string, Model>();
  const thinkFor = (choice: ModelChoice) => {
    const { timeoutMs } = config;
    if (choice.provider === 'embedded') return createThink({ models: [], timeoutMs, clock });
    const { provider, model } = choice;
    const id = `${provider} ${model}`;
    const known =
      models.get(id) ??
      withBreaker(createModel({ provider, model, talk: talkTo(choice, config) }, clock), clock);
    models.set(id, known);
    return createThink({ models: [known], timeoutMs, clock });
  };
  const { confidenceMin } = config;
  return {
    researcher: createResearcher({ think: thinkFor(config.researcher), knowledge, random }),
    writer: createWriter({ think: thinkFor(config.writer), random }),
    editor: createEditor({ think: thinkFor(config.editor), knowledge, confidenceMin }),
  };
}

function talkTo({ provider, model }: ModelChoice, config: ModelsConfig): Talk {
  if (provider === 'ollama') return createOllama({ url: config.ollamaUrl, model });
  const { openaiApiKey: apiKey, openaiBaseUrl: baseUrl } = config;
  return createOpenAI({ apiKey, baseUrl, model, api: baseUrl === null ? 'responses' : 'chat' });
}

// The three thinking agents, wired as configured: which provider and model each one asks. Called by those
// that run them.

import type { Cost } from '../core/claim.ts';
import type { Game } from '../core/game.ts';
import { isAway } from '../streams/engine.ts';
import { type Agent, noTelemetry } from '../streams/parts.ts';
import { createModel } from './ask.ts';
import { withBreaker } from './breaker.ts';
import type { Budget, Ledger } from './budget.ts';
import { createEditor } from './editor.ts';
import type { Knowledge } from './embedded.ts';
import { type Observing, observedTalk } from './gen-ai.ts';
import type { Recall } from './memory/recall.ts';
import type { Model, Talk } from './model.ts';
import { createOllama } from './ollama.ts';
import { createOpenAI } from './openai.ts';
import { listPrices, type Prices } from './prices.ts';
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
  /** Beside the list's own. */
  readonly prices: Prices;
  readonly budget: Budget;
}

export interface Edges {
  /** In ms, only for differences. */
  readonly clock: () => number;
  /** 0..1, evenly spread. */
  readonly random: () => number;
  readonly recall: Recall;
  readonly ledger: Ledger;
  readonly observing?: Observing;
}

export interface Thinkers {
  readonly researcher: Agent<Game>;
  readonly writer: Agent<Game>;
  readonly editor: Agent<Game>;
}

const unobserved: Observing = { ...noTelemetry, content: false };

/** On a cluster the ledger may be on a node that is away: no model is asked, and paid, again for that. */
const booked = (ledger: Ledger) => (cost: Cost) =>
  ledger.add(cost).catch((error: unknown) => {
    if (!isAway(error)) throw error;
  });

export function createThinkers(
  config: ModelsConfig,
  knowledge: Knowledge,
  { clock, random, recall, ledger, observing = unobserved }: Edges,
): Thinkers {
  const { timeoutMs, budget, confidenceMin } = config;
  const prices = { ...listPrices, ...config.prices };
  const asking = { clock, prices, onCost: booked(ledger) };
  const talkOf = (choice: ModelChoice) => {
    const { provider, model } = choice;
    return observedTalk({ provider, model, talk: talkTo(choice, config) }, observing);
  };
  // Agents of one process that ask the same model share its breaker.
  const models = new Map<string, Model>();
  const thinkFor = (choice: ModelChoice) => {
    const thinking = { timeoutMs, budget, ledger, clock };
    if (choice.provider === 'embedded') return createThink({ ...thinking, models: [] });
    const { provider, model } = choice;
    const id = `${provider} ${model}`;
    const known =
      models.get(id) ??
      withBreaker(createModel({ provider, model, talk: talkOf(choice) }, asking), clock, observing);
    models.set(id, known);
    return createThink({ ...thinking, models: [known] });
  };
  return {
    researcher: createResearcher({ think: thinkFor(config.researcher), knowledge, recall, random }),
    writer: createWriter({ think: thinkFor(config.writer) }),
    editor: createEditor({ think: thinkFor(config.editor), knowledge, confidenceMin }),
  };
}

function talkTo({ provider, model }: ModelChoice, config: ModelsConfig): Talk {
  if (provider === 'ollama') return createOllama({ url: config.ollamaUrl, model });
  const { openaiApiKey: apiKey, openaiBaseUrl: baseUrl } = config;
  return createOpenAI({ apiKey, baseUrl, model, api: baseUrl === null ? 'responses' : 'chat' });
}

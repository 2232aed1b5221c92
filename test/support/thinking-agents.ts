// The three thinking agents on whichever fakes a test names, and one claim's way through them.

import { noBudget } from '../../agents/budget.ts';
import { createThinkers, type Edges, type ModelsConfig, type Thinkers } from '../../agents/thinkers.ts';
import { createSquares } from './known-facts.ts';
import { ledgerInAVariable, noRecall } from './memory.ts';
import { type ThinkingRoom, thinkingRoom } from './thinking-room.ts';

export const apiKey = 'laboratory-key-0123456789';
const embedded = { provider: 'embedded', model: '' } as const;
export const onOllama = { provider: 'ollama', model: 'fake' } as const;
export const onOpenAI = { provider: 'openai', model: 'fake' } as const;

/** Thinkers that are embedded but for what the test says; `clock` and `random` are still unless given. */
export function thinkersWith(
  config: Partial<ModelsConfig>,
  { clock = () => 0, random = () => 0, recall = noRecall, ledger = ledgerInAVariable() }: Partial<Edges> = {},
): Thinkers {
  const defaults: ModelsConfig = {
    researcher: embedded,
    writer: embedded,
    editor: embedded,
    ollamaUrl: 'http://127.0.0.1:1',
    openaiApiKey: apiKey,
    openaiBaseUrl: null,
    timeoutMs: 10_000,
    confidenceMin: 0.75,
    prices: {},
    budget: noBudget,
  };
  const edges = { clock, random, recall, ledger };
  return createThinkers({ ...defaults, ...config }, createSquares(), edges);
}

export const agentNames = ['researcher', 'writer', 'editor'] as const;
export type AgentName = (typeof agentNames)[number];
export const wokenBy = { researcher: 'START_ROUND', writer: 'RESEARCH_DONE', editor: 'DRAFT_READY' } as const;

/** A room where it is this agent's turn; those before it were embedded. */
export async function roomWaitingFor(name: AgentName, topic?: string): Promise<ThinkingRoom> {
  const room = thinkingRoom(topic);
  const thinkers = thinkersWith({});
  for (const before of agentNames.slice(0, agentNames.indexOf(name))) {
    await thinkers[before].handle(room.task(wokenBy[before]));
  }
  return room;
}

/** What the agent wrote last, with its origin. */
export function lastWork({ events }: ThinkingRoom) {
  const last = events.at(-1);
  switch (last?.type) {
    case 'RESEARCH_DONE':
    case 'DRAFT_READY':
    case 'VALIDATION_COMPLETE':
      return { type: last.type, ...last.data, origin: last.data.origin };
    default:
      throw new Error(`${last?.type} is nobody's work`);
  }
}

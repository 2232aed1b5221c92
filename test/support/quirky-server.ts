// Asks the editor's question of a server that answers in its own way, through the official client, and tells
// what came of it and what was asked. The answer itself is a good one unless a test says otherwise.

import { createModel } from '../../agents/ask.ts';
import { createOllama } from '../../agents/ollama.ts';
import { createOpenAI } from '../../agents/openai.ts';
import { editorQuestion } from '../../agents/prompts/editor.ts';
import type { Cost, Verdict } from '../../core/claim.ts';
import type { Behaviour, FakeRequest } from './fake-model-server.ts';
import { startFakeOllama } from './fake-ollama.ts';
import { startFakeOpenAI } from './fake-openai.ts';

export type Api = 'chat' | 'responses' | 'ollama';

export const judged = {
  explanation: 'The sum of 2 and 2 is 4.',
  truth: 'FAKE',
  confidence: 0.97,
  sourceName: 'Euclid, Elements',
  sourceUrl: 'https://mathcs.clarku.edu/~djoyce/java/elements/',
};
/** What a model says when all is well. */
export const goodText = JSON.stringify(judged);
export const verdict: Partial<Verdict> = { truth: 'FAKE', confidence: 0.97 };

interface Quirky {
  readonly api?: Api;
  readonly behave: Behaviour | ((request: FakeRequest) => Behaviour);
  /** How often it is asked, one after the other. */
  readonly times?: number;
  /** In ms; stands still unless given. */
  readonly clock?: () => number;
}

export async function askQuirky({ api = 'chat', behave, times = 1, clock = () => 0 }: Quirky) {
  const fake = await (api === 'ollama' ? startFakeOllama : startFakeOpenAI)({ behave });
  const talk =
    api === 'ollama'
      ? createOllama({ url: fake.url, model: 'fake', clock })
      : createOpenAI({ apiKey: null, baseUrl: `${fake.url}/v1`, model: 'fake', api, clock });
  const costs: Cost[] = [];
  const onCost = async (cost: Cost) => void costs.push(cost);
  const asking = { clock: () => 0, prices: { fake: { input: 1, output: 1 } }, onCost };
  const model = createModel({ provider: api, model: 'fake', talk }, asking);
  const question = () => editorQuestion('The sum of 2 and 2 is 5.');
  const outcomes = [];
  for (let time = 0; time < times; time += 1) {
    outcomes.push(...(await Promise.allSettled([model.ask(question(), AbortSignal.timeout(5_000))])));
  }
  await fake.stop();
  const bodies = fake.requests.map(({ body }) => body as Readonly<Record<string, unknown>>);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('nothing was asked');
  /** The first answer; throws where there was none. */
  const answer = () => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  };
  return { outcomes, outcome, answer, bodies, requests: fake.requests, costs };
}

const usage = { prompt_tokens: 120, completion_tokens: 60, total_tokens: 180 };

/** A completion with this message; the rest as usual unless told. */
export function completion(message: object, rest: object = {}, choice: object = {}): Behaviour {
  const choices = [
    { index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message }, ...choice },
  ];
  return { status: 200, answer: { id: 'x', object: 'chat.completion', choices, usage, ...rest } };
}

/** A reply of Ollama with this message. */
export function ollamaReply(message: object, rest: object = {}): Behaviour {
  const counts = { prompt_eval_count: 120, eval_count: 60 };
  const done = { done: true, done_reason: 'stop' };
  return {
    status: 200,
    answer: { model: 'fake', message: { role: 'assistant', ...message }, ...done, ...counts, ...rest },
  };
}

/** As `data:` lines, and whatever a server ends them with. */
export function events(pieces: readonly object[], end = 'data: [DONE]\n\n'): string {
  return pieces.map((piece) => `data: ${JSON.stringify(piece)}\n\n`).join('') + end;
}

// Questions that three agents and a person answer together, whatever is killed. `node research.ts <url>
// <questions>` asks that many, works until each is published or given up, and says how they ended; with 0 it
// works for others until SIGTERM. README.md beside it explains it step by step.

import { createEngine, defineStream, openStore } from 'agent-arena-streams';
import { z } from 'zod';

/** A person has so long for each draft. */
const patienceMs = Number(process.env['PATIENCE_MS'] ?? 3_000);
/** How long a question that has ended stays in the store. */
const keepMs = Number(process.env['KEEP_MS'] ?? 86_400_000);

type Status = 'none' | 'asked' | 'sourced' | 'drafted' | 'approved' | 'published' | 'expired';
type Research = {
  readonly status: Status;
  readonly question: string;
  readonly sources: readonly string[];
  readonly drafts: readonly string[];
  readonly wish: string;
};
type Command =
  | { type: 'ask'; question: string }
  | { type: 'source'; sources: string[] }
  | { type: 'draft'; round: number; text: string }
  | { type: 'approve'; by: string }
  | { type: 'sendBack'; by: string; wish: string }
  | { type: 'publish' }
  | { type: 'expire'; round: number };

const research = defineStream({
  name: 'research',
  events: {
    Asked: z.object({ question: z.string() }),
    Sourced: z.object({ sources: z.array(z.string()) }),
    Drafted: z.object({ round: z.number(), text: z.string() }),
    Approved: z.object({ by: z.string() }),
    SentBack: z.object({ by: z.string(), wish: z.string() }),
    Published: z.object({ text: z.string() }),
    Expired: z.object({}),
  },
  initial: { status: 'none', question: '', sources: [], drafts: [], wish: '' } as Research,
  retention: { ends: ['Published', 'Expired'], afterMs: keepMs },
  decide(command: Command, { status, drafts }: Research) {
    switch (command.type) {
      case 'ask':
        if (status !== 'none') return { rejected: 'asked_before' };
        return { key: 'ask', events: [{ type: 'Asked', data: { question: command.question } }] };
      case 'source':
        if (status !== 'asked') return { stale: true };
        return { key: 'source', events: [{ type: 'Sourced', data: { sources: command.sources } }] };
      case 'draft':
        if (status !== 'sourced' || command.round !== drafts.length + 1) return { stale: true };
        return {
          key: `draft|${command.round}`,
          events: [{ type: 'Drafted', data: { round: command.round, text: command.text } }],
          // In the same commit: a person has so long for this draft.
          timers: [{ set: `decide-by|${command.round}`, inMs: patienceMs }],
        };
      case 'approve':
        if (status !== 'drafted') return { rejected: 'no_draft_waits' };
        return { key: 'approve', events: [{ type: 'Approved', data: { by: command.by } }] };
      case 'sendBack':
        if (status !== 'drafted') return { rejected: 'no_draft_waits' };
        return {
          key: `back|${drafts.length}`,
          events: [{ type: 'SentBack', data: { by: command.by, wish: command.wish } }],
        };
      case 'publish':
        if (status !== 'approved') return { stale: true };
        return { key: 'publish', events: [{ type: 'Published', data: { text: drafts.at(-1) ?? '' } }] };
      case 'expire':
        if (status !== 'drafted' || command.round !== drafts.length) return { stale: true };
        return { key: 'expire', events: [{ type: 'Expired', data: {} }] };
    }
  },
  evolve(state, event): Research {
    switch (event.type) {
      case 'Asked':
        return { ...state, status: 'asked', question: event.data.question };
      case 'Sourced':
        return { ...state, status: 'sourced', sources: event.data.sources };
      case 'Drafted':
        return { ...state, status: 'drafted', drafts: [...state.drafts, event.data.text] };
      case 'SentBack':
        return { ...state, status: 'sourced', wish: event.data.wish };
      case 'Approved':
        return { ...state, status: 'approved' };
      case 'Published':
        return { ...state, status: 'published' };
      case 'Expired':
        return { ...state, status: 'expired' };
    }
  },
});

const [url = 'redis://127.0.0.1:6379', count = '5', consumer = 'research-1'] = process.argv.slice(2);
const ids = Array.from({ length: Number(count) }, (_, index) => `question-${index}`);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const store = await openStore(url, stop.signal);
const engine = createEngine({ store, streams: [research], name: 'research', consumer });
const studies = engine.stream(research);

const Reply = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) });

/** Asks the model at MODEL_URL (any that speaks the chat completions of OpenAI); without one, makes do. */
async function ask(prompt: string, signal: AbortSignal): Promise<string> {
  const model = process.env['MODEL_URL'];
  if (model === undefined) return `(no model is set) ${prompt}`;
  const body = JSON.stringify({
    model: process.env['MODEL'] ?? 'any',
    messages: [{ role: 'user', content: prompt }],
  });
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${model}/chat/completions`, { method: 'POST', body, headers, signal });
  if (!reply.ok) throw new Error(`the model says ${reply.status}`);
  return Reply.parse(await reply.json()).choices[0]?.message.content ?? '';
}

// A model is asked once for each step: what it said is kept with the stream, also if the process dies then.
studies.consume({
  group: 'searcher',
  wakes: ['Asked'],
  async handle({ load, once, submit }) {
    const { question } = (await load()).state;
    const found = await once('search', ({ signal }) => ask(`Name two sources on: ${question}`, signal));
    await submit({ type: 'source', sources: found.split('\n') }, { last: true });
  },
});
studies.consume({
  group: 'writer',
  wakes: ['Sourced', 'SentBack'],
  async handle({ load, once, submit }) {
    const { question, sources, drafts, wish } = (await load()).state;
    const round = drafts.length + 1;
    const prompt = `Answer "${question}" from ${sources.join(', ')}. ${wish}`;
    const text = await once(`draft|${round}`, ({ signal }) => ask(prompt, signal));
    await submit({ type: 'draft', round, text }, { last: true });
  },
});
studies.consume({
  group: 'publisher',
  wakes: ['Approved'],
  handle: ({ submit }) => submit({ type: 'publish' }, { last: true }),
});
studies.consume({
  group: 'patience',
  timers: true,
  async handle({ timer, submit }) {
    const round = Number(timer?.name.split('|')[1]);
    await submit({ type: 'expire', round }, { last: true });
  },
});

/**
 * A person: in a real program a page that lists drafts and a button. Each third question is sent back once,
 * each fourth never looked at. The key makes a click that was sent twice one click.
 */
async function decideAsPerson(id: string, index: number, round: number): Promise<void> {
  if (index % 4 === 3) return;
  const by = 'Ada';
  const back = index % 3 === 2 && round === 1;
  const click = back
    ? ({ type: 'sendBack', by, wish: 'Shorter.' } as const)
    : ({ type: 'approve', by } as const);
  await studies.handle(id, click, { by, idempotencyKey: `click|${round}` });
}

const outcomes: Record<string, number> = {};
async function see(id: string, index: number): Promise<void> {
  await studies.handle(id, { type: 'ask', question: `Why is number ${index} odd or even?` });
  for await (const { type, data } of studies.follow(id, { signal: stop.signal })) {
    if (type === 'Drafted') await decideAsPerson(id, index, data.round);
    if (type !== 'Published' && type !== 'Expired') continue;
    outcomes[type] = (outcomes[type] ?? 0) + 1;
    return;
  }
}

await engine.ready(stop.signal);
console.log('ready');
const running = engine.run(stop.signal);
const seeFrom = (at: number) => ids.slice(at, at + 500).map((id, index) => see(id, at + index));
for (let at = 0; at < ids.length; at += 500) await Promise.all(seeFrom(at));
if (ids.length > 0) await engine.untilIdle(stop.signal).finally(() => stop.abort());
await running;
await engine.close();
store.close();
console.log(JSON.stringify(outcomes));

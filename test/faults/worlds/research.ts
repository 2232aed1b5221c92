// The example of research: questions that three agents and a person answer, with a model that is asked over
// HTTP. People ask, look, approve or send back; a click is sent again under its key.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Clients } from '../examples/clients.ts';
import { judgeResearch, unfinishedResearch } from '../examples/judge-research.ts';
import { startModel } from '../examples/model.ts';
import { exampleWorld } from '../examples/world.ts';
import type { Random } from '../random.ts';
import { readLogs } from '../raw-log.ts';
import type { World } from '../world.ts';

const lookMs = 150;
/** Long enough for a person to click, short enough that many drafts expire. */
const patienceMs = 2_500;
const ends = ['published', 'expired'];

export const world: World = exampleWorld({
  name: 'research',
  example: {
    source: fileURLToPath(new URL('../../../streams/examples/research/research.ts', import.meta.url)),
    streams: 'studies',
  },
  commands: ['ask', 'look', 'approve', 'send back', 'resend'],
  streams: ['research'],
  env: { PATIENCE_MS: String(patienceMs) },
  beside: startModel,
  flow: study,
  unfinished: async ({ direct }) => unfinishedResearch(await readLogs(direct, 'research')),
  async judge({ direct }, history, beside) {
    return judgeResearch({ logs: await readLogs(direct, 'research'), calls: beside?.calls ?? [], history });
  },
});

/** A person: asks, looks until there is a draft, and approves it, sends it back once, or forgets it. */
async function study(clients: Clients, random: Random, at: number, signal: AbortSignal): Promise<void> {
  const stream = `question-${at}`;
  const ask = { type: 'ask', question: `Why is number ${at} odd or even?` };
  await clients.send({ stream, name: 'ask', command: ask, key: `ask-${at}` }, signal);
  let wish = random.next();
  for (let round = 0; !signal.aborted; await sleep(lookMs)) {
    const seen = await clients.send({ stream, name: 'look', command: null, key: '' }, signal);
    if (seen === null || ends.includes(String(seen.state['status']))) return;
    const drafts = (seen.state['drafts'] as readonly string[] | undefined)?.length ?? 0;
    if (seen.state['status'] !== 'drafted' || drafts === round) continue;
    round = drafts;
    await sleep(random.next() * patienceMs);
    if (signal.aborted || wish < 0.15) return;
    const by = `person-${at}`;
    const back = wish > 0.6;
    wish = random.next() * 0.6;
    const command = back ? { type: 'sendBack', by, wish: `shorter-${round}` } : { type: 'approve', by };
    const key = `click-${at}-${round}`;
    await clients.send({ stream, name: back ? 'send back' : 'approve', command, key }, signal);
    if (!back) return;
  }
}

// Judges research by the raw logs, by what the model said and by what clients saw. Written from the
// README of the example; shares no code with the engine or the example.

import { brokenIn, type RawEvent, type RawLogs } from '../raw-log.ts';
import type { Verdict } from '../world.ts';
import type { Attempt } from './clients.ts';
import { judgeAttempts } from './judge-attempts.ts';
import type { Called } from './world.ts';

export interface ResearchSeen {
  readonly logs: RawLogs;
  readonly calls: readonly Called[];
  readonly history: readonly Attempt[];
}

const ways = /^Asked Sourced Drafted( SentBack Drafted)* (Approved Published|Expired)$/;
/** Types that may come again, one for each round. */
const ofRounds = ['Drafted', 'SentBack'];
const writes = { ask: 'Asked', approve: 'Approved', sendBack: 'SentBack' };

export const unfinishedResearch = (logs: RawLogs): string[] =>
  [...logs].flatMap(([id, events]) => {
    const last = events.at(-1)?.type;
    return last === 'Published' || last === 'Expired' ? [] : [`${id} is at ${last}`];
  });

export function judgeResearch({ logs, calls, history }: ResearchSeen): Verdict {
  const judged = judgeAttempts(logs, history, writes);
  const doubled = [...judged.doubled];
  const disorder = [...judged.disorder];
  const said = new Map(calls.map((call) => [call.said, call.asked]));
  for (const [id, events] of logs) {
    disorder.push(...brokenIn(id, events), ...wrongReplies(id, events, said));
    const types = events.map(({ type }) => type);
    const twice = types.filter((type, at) => !ofRounds.includes(type) && types.indexOf(type) !== at);
    const rounds = events.filter(({ type }) => type === 'Drafted').map(({ data }) => data['round']);
    const again = rounds.filter((round, at) => rounds.indexOf(round) !== at);
    if (twice.length + again.length > 0) {
      doubled.push(`${id}: ${[...twice, ...again.map((round) => `draft ${round}`)].join(', ')} twice`);
    } else if (!ways.test(types.join(' '))) disorder.push(`${id}: ${types.join(' ')}`);
  }
  const kept = [...logs.values()].flat().filter(({ type }) => type === 'Sourced' || type === 'Drafted');
  return {
    counts: {
      questions: logs.size,
      events: [...logs.values()].reduce((sum, events) => sum + events.length, 0),
      attempts: history.length,
      'calls of the model': calls.length,
      'of them repeated': calls.length - kept.length,
    },
    lost: judged.lost,
    doubled,
    disorder,
  };
}

/**
 * Each result is one that the model gave, to the question of this stream and on what the stream says: a
 * draft from its sources, with the last wish.
 */
function wrongReplies(id: string, events: readonly RawEvent[], said: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  const question = String(events[0]?.data['question']);
  let sources = '';
  let wish = '';
  for (const { type, data } of events) {
    if (type === 'SentBack') wish = String(data['wish']);
    if (type !== 'Sourced' && type !== 'Drafted') continue;
    const reply =
      type === 'Sourced' ? (data['sources'] as readonly string[]).join('\n') : String(data['text']);
    const asked = said.get(reply);
    const wanted = type === 'Sourced' ? [question] : [question, sources, wish];
    if (asked === undefined) found.push(`${id}: the model never said ${reply}`);
    else if (!wanted.every((part) => asked.includes(part))) {
      found.push(`${id}: ${type} has a reply to another question: ${asked}`);
    }
    if (type === 'Sourced') sources = reply;
  }
  const published = events.find(({ type }) => type === 'Published')?.data['text'];
  const last = events.findLast(({ type }) => type === 'Drafted')?.data['text'];
  if (published !== undefined && published !== last)
    found.push(`${id}: ${published} was published, not ${last}`);
  return found;
}

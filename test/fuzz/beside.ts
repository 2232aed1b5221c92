// Started by the fuzzing: the agents, and honest people who play one game after the other in a room of their
// own, in a process that nothing of the fuzzing holds up. Told to end, it says how their answers fared.

import { groups } from '../../core/game.ts';
import { readConfig } from '../../server/config/config.ts';
import { runAgents } from '../../server/run-agents.ts';
import { WireClient } from '../support/wire-client.ts';
import { makeRoom } from './rooms.ts';

/** What became of the answers of honest players. */
export interface Witnessed {
  readonly answers: number;
  readonly rounds: number;
  readonly refused: readonly string[];
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly closes: readonly number[];
}

const stop = new AbortController();
process.once('disconnect', () => stop.abort());
process.on('message', (message) => {
  if (message === 'play') void play(process.env['FUZZED_HTTP'] ?? '').catch(fail);
  if (message === 'end') tell();
});

const took: number[] = [];
const refused: string[] = [];
let people: WireClient[] = [];

function fail(error: unknown): void {
  refused.push(String(error));
}

/** A client that keeps how long each of its answers took to be acknowledged. */
function witness(url: string, room: string, name: string): WireClient {
  const client = new WireClient({ url, room, name, choose: () => 'FACT', hesitateMs: 30 });
  const ask = client.request.bind(client);
  client.request = async (t, d) => {
    const sentAt = performance.now();
    const reply = await ask(t, d);
    if (t !== 'answer') return reply;
    took.push(performance.now() - sentAt);
    if (reply.err !== undefined) refused.push(`answer: ${reply.err.code}`);
    return reply;
  };
  return client;
}

async function play(http: string): Promise<void> {
  const { room, hostToken } = await makeRoom(http, '192.0.2.1', { rounds: 50, seconds: 10 });
  const url = `${http.replace('http', 'ws')}/ws`;
  const host = new WireClient({ url, room, role: 'host', token: hostToken });
  const players = ['Ada', 'Bo', 'Kim'].map((name) => witness(url, room, name));
  people = [host, ...players];
  for (const client of people) {
    const { err } = await client.connect();
    if (err !== undefined) refused.push(`join: ${err.code}`);
  }
  process.send?.('playing');
  for (let games = 0; !stop.signal.aborted; games++) {
    const { err } = await host.request('start', { after: host.frame('GAME_START')?.d.game ?? null });
    if (err !== undefined) refused.push(`start: ${err.code}`);
    await host.until(() => host.frames.filter(({ t }) => t === 'GAME_OVER').length > games, 600_000);
  }
}

function tell(): void {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const rounds = people[1]?.frames.filter(({ t }) => t === 'ROUND_COMPLETE').length ?? 0;
  const closes = people.flatMap((client) => client.closes);
  const said: Witnessed = {
    answers: took.length,
    rounds,
    refused,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    closes,
  };
  process.send?.(said);
}

await runAgents(readConfig(process.env), groups, stop.signal);

// A game of whole processes whose first claim costs a writer its life, for tests of what a trace shows of it.

import type { RecordedEvent } from '../../core/events.ts';
import { traceIdOf } from '../../streams/trace/traceparent.ts';
import { startArena } from './arena.ts';
import { startFakeOllama } from './fake-ollama.ts';
import { WireClient } from './wire-client.ts';

export interface TracedGame {
  readonly log: readonly RecordedEvent[];
  /** Of the round whose writer was killed. */
  readonly traceId: string;
}

const byOllama = { RESEARCHER_PROVIDER: 'ollama', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'ollama' };
/** More than are traced of answers that come at once. */
export const crowd = 60;

const quick = { LEAD_MS: '300', INTERMISSION_MS: '300', CLAIMS_AHEAD: '1' };

/** Plays a game of one round; the writer is killed while it waits for the second reply of its model. */
export async function playTraced(endpoint: string): Promise<TracedGame> {
  let writing = 0;
  const held = Promise.withResolvers<void>();
  const ollama = await startFakeOllama({
    behave({ role }) {
      if (role !== 'writer') return 'good';
      writing += 1;
      if (writing === 2) held.resolve();
      // The first reply is of no use; the second never comes.
      return writing === 1 ? 'prose' : writing === 2 ? 'hanging' : 'good';
    },
  });
  const arena = await startArena({
    ...byOllama,
    ...quick,
    OLLAMA_URL: ollama.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  });
  try {
    const { room, hostToken } = await arena.createRoom({ rounds: 1, seconds: 20 });
    // Nothing is prepared before somebody sits there.
    const bo = new WireClient({ url: arena.ws, room, name: 'Bo' });
    await bo.connect();
    await held.promise;
    await arena.kill('writer');
    const isChecked = async () => (await arena.log(room)).some(({ type }) => type === 'VALIDATION_COMPLETE');
    await waitUntil(isChecked, 'VALIDATION_COMPLETE');
    const host = new WireClient({ url: arena.ws, room, role: 'host', token: hostToken });
    const players = Array.from(
      { length: crowd },
      (_, n) => new WireClient({ url: arena.ws, room, name: `Player ${n}`, choose: () => 'FACT' }),
    );
    const everybody = [host, bo, ...players];
    await Promise.all([host, ...players].map((client) => client.connect()));
    await host.request('start', { after: null });
    await arena.kill('projector');
    await bo.until(() => bo.frame('NEW_QUESTION') !== undefined);
    bo.drop();
    await bo.connect();
    await fetch(`${arena.http}/api/rooms/${room}`);
    const haveAnswered = async () => players.every(({ acknowledged }) => acknowledged.length === 1);
    await waitUntil(haveAnswered, 'the answers of the others');
    // His is the last one, so until then the room has a question.
    const { roundId } = bo.frame('NEW_QUESTION', false)?.d ?? {};
    await bo.request('answer', { roundId, answer: 'FAKE' });
    await bo.until(() => bo.frame('GAME_OVER') !== undefined, 60_000);
    for (const client of everybody) client.close();
    const log = await arena.log(room);
    // The projector may have just begun its second life; what it acknowledges it has told. And what ends in
    // order tells the rest of what it did.
    const isIdle = async () =>
      [...(await arena.groups()).values()].every(({ lag, pending }) => lag === 0 && pending === 0);
    await waitUntil(isIdle, 'no group with anything to do');
    await Promise.all([...arena.processes.values()].map((process) => process.stop()));
    const asked = log.find(({ type }) => type === 'NEW_QUESTION');
    return { log, traceId: traceIdOf(asked?.traceparent ?? '') };
  } finally {
    await arena.stop();
    await ollama.stop();
  }
}

async function waitUntil(test: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await test()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within 30 s: ${what}`);
}

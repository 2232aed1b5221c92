// What the desk makes its links to Jaeger of.

import { expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { traceIdOf } from '../../streams/trace/traceparent.ts';
import { startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

test('with JAEGER_URL each event of a round comes with what leads to the trace of that round', async () => {
  const jaegerUrl = 'https://jaeger.example/ui/';
  const arena = await startServing({ JAEGER_URL: jaegerUrl, CLAIMS_AHEAD: '1' });
  const { room } = await arena.makeRoom();
  await arena.client({ room, name: 'Ada' }).connect();
  const ask = async (path: string) => (await fetch(`${arena.http}/api/ops/${path}`)).json();
  expect(await ask('overview')).toMatchObject({ jaegerUrl });
  const timeline = async () => (await ask(`rooms/${room}/timeline`)) as { type: string; traceId: string }[];
  const checked = expect.objectContaining({ type: 'VALIDATION_COMPLETE' });
  await expect.poll(timeline, { timeout: 20_000 }).toContainEqual(checked);

  const commands = await connectTo(arena.valkey.url);
  const log = await readAfter(
    createEventLog(commands, createGameKeys(), gameStream),
    RoomCode.parse(room),
    0,
  );
  const round = log.find(({ type }) => type === 'START_ROUND');
  const traceId = traceIdOf(round?.traceparent ?? '');
  expect(traceId).toMatch(/^[\da-f]{32}$/);
  const ofRound = (await timeline()).filter((event) => event.traceId === traceId).map(({ type }) => type);
  expect(ofRound).toEqual(['START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY', 'VALIDATION_COMPLETE']);
  commands.disconnect();
  await arena.stop();
});

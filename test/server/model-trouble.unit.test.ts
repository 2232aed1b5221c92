// What an operator is told of a room's models, from the events of three agents at odd servers: over the wire
// into the log, and from the log into the lines of `arena why`.

import { expect, test } from 'vitest';
import { lastModelFailure, lastModelNotes, troubleLines } from '../../server/operate/model-trouble.ts';
import type { Behaviour } from '../support/fake-model-server.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { completion, goodText } from '../support/quirky-server.ts';
import { onOpenAI, roomWaitingFor, thinkersWith } from '../support/thinking-agents.ts';

async function told(...replies: readonly Behaviour[]): Promise<string[]> {
  const fake = await startFakeOpenAI({ behave: ({ number }) => replies[number - 1] ?? 'good' });
  const room = await roomWaitingFor('editor');
  const { editor } = thinkersWith({ editor: onOpenAI, openaiBaseUrl: `${fake.url}/v1` });
  await editor.handle(room.task('DRAFT_READY')).finally(() => fake.stop());
  return troubleLines(lastModelFailure(room.events), lastModelNotes(room.events));
}

test('what a server was learned to want is told with its reason', async () => {
  const lines = await told({ status: 400, answer: { error: { message: 'System role not supported' } } });
  expect(lines).toEqual([
    expect.stringMatching(
      /^at revision \d+ the \w+ could use openai fake all the same: asked with the instructions in the first message: HTTP 400: System role not supported$/,
    ),
  ]);
});

test('an answer that was refused before a better one came is told, too', async () => {
  const bad = goodText.replace('0.97', '1000000000000000');
  expect(await told(completion({ content: bad }))).toEqual([
    expect.stringMatching(/all the same: first: .*confidence/),
  ]);
});

test('an error within a success is told with its words and its code', async () => {
  const answer = { error: { message: 'No credits left', code: 402 } };
  expect(await told({ status: 200, answer })).toEqual([
    expect.stringMatching(
      /the \w+ did without openai: an error in an HTTP 200: No credits left \(code 402\)$/,
    ),
  ]);
});

test('nothing is told where all was well', async () => {
  expect(await told()).toEqual([]);
});

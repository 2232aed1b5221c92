import { expect, test } from 'vitest';
import { groups } from '../../streams/keys.ts';
import { traceOfJaeger } from '../support/jaeger.ts';
import { startOtlpReceiver, type TakenSpan } from '../support/otlp-receiver.ts';
import { playTraced } from '../support/traced-game.ts';

// One round is one trace, whoever is killed on the way. Asked of a collector of our own, and of a real Jaeger
// where JAEGER_URL (its page, usually port 16686) and OTEL_EXPORTER_OTLP_ENDPOINT name one.

/** Who hangs on whom: name of each span, with the name of its parent. */
function familyOf(spans: readonly TakenSpan[]): Set<string> {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return new Set(spans.map(({ name, parentSpanId }) => `${name} < ${names.get(parentSpanId ?? '') ?? '-'}`));
}

function expectWholeRound(spans: readonly TakenSpan[]): void {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
  expect(roots.map(({ name }) => name)).toEqual(['START_ROUND']);
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId));
  expect(orphans.map(({ name, service }) => `${name} of ${service}`)).toEqual([]);
  const family = familyOf(spans);
  for (const line of [
    'process START_ROUND < START_ROUND',
    'chat llama3.2 < process START_ROUND',
    'commit RESEARCH_DONE < process START_ROUND',
    'process RESEARCH_DONE < RESEARCH_DONE',
    'chat llama3.2 < process RESEARCH_DONE',
    'commit DRAFT_READY < process RESEARCH_DONE',
    'process DRAFT_READY < DRAFT_READY',
    'commit VALIDATION_COMPLETE < process DRAFT_READY',
    'process VALIDATION_COMPLETE < VALIDATION_COMPLETE',
    'NEW_QUESTION < START_ROUND',
    'push NEW_QUESTION < NEW_QUESTION',
    'commit ANSWER_SUBMITTED < START_ROUND',
    'commit ROUND_CLOSED < START_ROUND',
    'commit ROUND_RESULT < process ROUND_CLOSED',
    'push ROUND_RESULT < ROUND_RESULT',
    'ROUND_COMPLETE < START_ROUND',
  ]) {
    expect(family).toContain(line);
  }
  // The writer's first attempt died with its process; nothing of it is left but the count.
  const written = spans.filter(({ name }) => name === 'process RESEARCH_DONE');
  expect(written.map(({ attributes }) => attributes)).toMatchObject([
    { 'arena.attempt': 2, 'arena.deaths': 1, 'arena.redelivered': true },
  ]);
  const chat = spans.find(({ name }) => name === 'chat llama3.2');
  expect(chat?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'ollama',
    'gen_ai.usage.output_tokens': expect.any(Number),
    'gen_ai.response.finish_reasons': expect.stringContaining('stop'),
  });
  expect(chat?.attributes).not.toHaveProperty(['gen_ai.input.messages']);
  const services = new Set(spans.map(({ service }) => service));
  expect([...services].sort()).toEqual(['server', ...groups].map((name) => `arena-${name}`).sort());
}

test('a collector puts a round together from all processes, two of which were killed', async () => {
  const receiver = await startOtlpReceiver();
  const { traceId, log } = await playTraced(receiver.url);
  const spans = receiver.spans().filter((span) => span.traceId === traceId);
  await receiver.stop();
  console.log(`by our own collector: ${spans.length} spans of one round, ${receiver.requests()} requests`);
  expectWholeRound(spans);
  // Joins are traces of their own, linked to whatever round was played.
  const joins = receiver.spans().filter(({ name }) => name === 'ws join');
  expect(joins.length).toBeGreaterThanOrEqual(2);
  for (const join of joins) expect(join.parentSpanId).toBeFalsy();
  expect(log.some(({ type }) => type === 'GAME_OVER')).toBe(true);
});

const jaegerUrl = process.env['JAEGER_URL'];
const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];

test('a real Jaeger shows the same, where there is one', async () => {
  if (jaegerUrl === undefined || endpoint === undefined) {
    console.log('no real Jaeger was asked: JAEGER_URL and OTEL_EXPORTER_OTLP_ENDPOINT name none');
    return;
  }
  const { traceId } = await playTraced(endpoint);
  const spans = await traceOfJaeger(jaegerUrl, traceId);
  console.log(`by the Jaeger at ${jaegerUrl}: ${spans.length} spans of trace ${traceId}`);
  expectWholeRound(spans);
});

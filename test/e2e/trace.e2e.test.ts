import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { groups } from '../../core/game.ts';
import { limits } from '../../core/limits.ts';
import { traceOfJaeger } from '../support/jaeger.ts';
import { startOtlpReceiver, type TakenSpan } from '../support/otlp-receiver.ts';
import { crowd, playTraced } from '../support/traced-game.ts';

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

/** Jaeger marks a span that has no length, and one that is beside its parent and no longer than it. */
function expectMeasured(spans: readonly TakenSpan[]): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const lengthOf = (span: TakenSpan) => BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  const marked = spans.filter((span) => {
    const parent = byId.get(span.parentSpanId ?? '');
    if (lengthOf(span) <= 0n) return true;
    if (parent === undefined || lengthOf(span) > lengthOf(parent)) return false;
    const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
    return from < BigInt(parent.startTimeUnixNano) || to > BigInt(parent.endTimeUnixNano);
  });
  expect(marked.map(({ name }) => name)).toEqual([]);
}

/**
 * Requests are traces of their own, linked to the round that is played; it is to the timer that asked for
 * it.
 */
function expectLinked(all: readonly TakenSpan[], traceId: string): void {
  const named = (wanted: string) => all.filter(({ name }) => name === wanted);
  const rooms = named('POST /api/rooms');
  const joins = named('ws join');
  const looks = named('GET /api/rooms');
  for (const request of [...rooms, ...joins, ...looks]) {
    expect(request.parentSpanId).toBeFalsy();
    expect(request.traceId).not.toBe(traceId);
  }
  const isLinkedTo = (others: readonly TakenSpan[]) => (span: TakenSpan) =>
    others.some((other) => span.links.some((link) => link.traceId === other.traceId));
  const round = all.filter((span) => span.traceId === traceId);
  // Who joined before there was a question had nothing to be linked to; one came back while there was.
  expect(joins).toHaveLength(crowd + 3);
  expect(joins.filter(isLinkedTo(round))).toHaveLength(1);
  expect(looks.map(isLinkedTo(round))).toEqual([true]);
  expect(rooms).toHaveLength(1);
  // The first who sits down sets it; a timer keeps no context of the request that did.
  const woken = named('process timer prepare');
  expect(woken).toHaveLength(1);
  expect(round.filter(({ name }) => name === 'commit START_ROUND').map(isLinkedTo(woken))).toEqual([true]);
}

/** Of answers so many at once and so many a second are traced, and all of them counted. */
function expectSampled(spans: readonly TakenSpan[], log: readonly RecordedEvent[]): void {
  const answers = log.filter(({ type }) => type === 'ANSWER_SUBMITTED');
  expect(answers).toHaveLength(crowd + 1);
  const { answersTracedPerSecond: perSecond } = limits;
  const tookMs = (answers.at(-1)?.at ?? 0) - (answers[0]?.at ?? 0);
  const traced = spans
    .filter(({ name }) => name === 'commit ANSWER_SUBMITTED')
    .map(({ startTimeUnixNano }) => Number(BigInt(startTimeUnixNano) / 1_000_000n))
    .sort((a, b) => a - b);
  console.log(`${answers.length} answers within ${tookMs} ms, ${traced.length} of them traced`);
  expect(traced.length).toBeGreaterThanOrEqual(perSecond);
  // From whichever of them on: a second's worth at once, and what the time since has brought.
  const beyond = traced.flatMap((from, first) =>
    traced.slice(first).filter((to, after) => after + 1 > perSecond * (1 + (to - from) / 1_000) + 1),
  );
  expect(beyond).toEqual([]);
}

test('a collector puts a round together from all processes, two of which were killed', async () => {
  const receiver = await startOtlpReceiver();
  const { traceId, log } = await playTraced(receiver.url);
  const spans = receiver.spans().filter((span) => span.traceId === traceId);
  await receiver.stop();
  console.log(`by our own collector: ${spans.length} spans of one round, ${receiver.requests()} requests`);
  expectWholeRound(spans);
  expectMeasured(spans);
  expectLinked(receiver.spans(), traceId);
  expectSampled(spans, log);
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

// The three agents at work: what each records, with a model and without, and what they leave alone.

import { describe, expect, it, vi } from 'vitest';
import { embeddedClaim } from '../../agents/embedded.ts';
import { chooseCandidate } from '../../agents/writer.ts';
import type { Candidate } from '../../core/claim.ts';
import { limits } from '../../core/limits.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { createSquares } from '../support/known-facts.ts';
import {
  agentNames,
  lastWork,
  onOllama,
  onOpenAI,
  roomWaitingFor,
  thinkersWith,
  wokenBy,
} from '../support/thinking-agents.ts';
import { newEmbeddedClaim } from '../support/world.ts';

describe('the three agents', () => {
  it('without models make a claim that is approved, and call nobody', async () => {
    const room = await roomWaitingFor('editor');
    await thinkersWith({}).editor.handle(room.task('DRAFT_READY'));
    expect(lastWork(room)).toMatchObject({ approved: true, verdict: { confidence: 1 } });
    expect(room.preparation().work.stage).toBe('ready');
    for (const event of room.events.slice(3)) {
      expect(event.data).toMatchObject({ origin: { provider: 'embedded', model: 'knowledge', ms: 0 } });
    }
  });

  it('as they are configured first, make a claim on Ollama and OpenAI that is approved', async () => {
    const [ollama, openai] = [await startFakeOllama(), await startFakeOpenAI()];
    const thinkers = thinkersWith({
      ...{ researcher: onOllama, writer: onOllama, editor: onOpenAI },
      ...{ ollamaUrl: ollama.url, openaiBaseUrl: `${openai.url}/v1` },
    });
    const room = await roomWaitingFor('researcher');
    for (const name of agentNames) await thinkers[name].handle(room.task(wokenBy[name]));
    await Promise.all([ollama.stop(), openai.stop()]);
    expect(room.preparation().work).toMatchObject({
      stage: 'ready',
      claim: { question: expect.stringMatching(/^In plain arithmetic/), origin: { provider: 'ollama' } },
    });
    expect(lastWork(room)).toMatchObject({ approved: true, origin: { provider: 'openai' } });
    expect(room.acknowledged).toEqual(['RESEARCH_DONE', 'DRAFT_READY', 'VALIDATION_COMPLETE']);
  });

  it('each wakes on its own event and on no alarm', () => {
    const thinkers = thinkersWith({});
    for (const name of agentNames) {
      expect(thinkers[name]).toMatchObject({ group: name, wakes: new Set([wokenBy[name]]), timers: false });
    }
  });

  it.each(agentNames)('%s: an event of a stale cycle changes nothing and asks no model', async (name) => {
    const [ollama, openai] = [await startFakeOllama(), await startFakeOpenAI()];
    const thinkers = thinkersWith({
      ...{ [name]: name === 'editor' ? onOpenAI : onOllama },
      ...{ ollamaUrl: ollama.url, openaiBaseUrl: `${openai.url}/v1` },
    });
    const room = await roomWaitingFor(name);
    const task = room.task(wokenBy[name]);
    room.giveUpCycle();
    const before = room.events.length;
    await thinkers[name].handle(task);
    await Promise.all([ollama.stop(), openai.stop()]);
    expect(room.events).toHaveLength(before);
    expect([...ollama.requests, ...openai.requests]).toEqual([]);
  });

  it.each(agentNames)('%s: an event that comes twice is worked on once', async (name) => {
    const room = await roomWaitingFor(name);
    const task = room.task(wokenBy[name]);
    await thinkersWith({})[name].handle(task);
    const after = room.events.length;
    await thinkersWith({})[name].handle(task);
    expect(room.events).toHaveLength(after);
  });

  it.each(agentNames)('%s: a cycle given up while it thinks changes nothing', async (name) => {
    const room = await roomWaitingFor(name);
    const fake = await startFakeOllama({
      behave() {
        room.giveUpCycle();
        return 'good';
      },
    });
    await thinkersWith({ [name]: onOllama, ollamaUrl: fake.url })[name].handle(room.task(wokenBy[name]));
    await fake.stop();
    expect(fake.requests).toHaveLength(1);
    expect(room.events.at(-1)?.type).toBe('START_ROUND');
  });

  it.each(agentNames)(
    '%s: an abort while the model thinks is passed on, and nothing is written',
    async (name) => {
      const room = await roomWaitingFor(name);
      const fake = await startFakeOllama({ behave: 'hanging' });
      const abort = new AbortController();
      const before = room.events.length;
      const thinkers = thinkersWith({ [name]: onOllama, ollamaUrl: fake.url });
      const outcome = expect(thinkers[name].handle(room.task(wokenBy[name], abort.signal))).rejects.toThrow(
        'lost',
      );
      await vi.waitFor(() => expect(fake.requests).toHaveLength(1), { interval: 5 });
      abort.abort(new Error('the lease was lost'));
      await outcome;
      await fake.stop();
      expect(room.events).toHaveLength(before);
    },
  );

  it('agents on one model share its breaker', async () => {
    const fake = await startFakeOllama({ behave: 'unknown-model' });
    const thinkers = thinkersWith({ researcher: onOllama, writer: onOllama, ollamaUrl: fake.url });
    for (let i = 0; i < limits.breakerFailures; i++) {
      const room = await roomWaitingFor('researcher');
      await thinkers.researcher.handle(room.task('START_ROUND'));
    }
    const room = await roomWaitingFor('writer');
    await thinkers.writer.handle(room.task('RESEARCH_DONE'));
    await fake.stop();
    expect(lastWork(room).origin.fellBackFrom?.[0]?.error).toMatch(/^resting after 3 failures/);
    expect(fake.requests).toHaveLength(limits.breakerFailures);
  });
});

describe('the researcher', () => {
  it('without a model takes any topic where its own is unknown', async () => {
    const room = await roomWaitingFor('researcher', 'My grandmother’s garden');
    await thinkersWith({}).researcher.handle(room.task('START_ROUND'));
    expect(room.preparation().work).toMatchObject({
      stage: 'draft',
      candidates: { length: limits.candidatesMax },
    });
  });
});

describe('the writer', () => {
  const candidates: Candidate[] = (['FACT', 'FAKE', 'FACT', 'FAKE'] as const).map(
    (truth) => newEmbeddedClaim(truth).candidate,
  );
  const keys = candidates.map(({ factKey }) => factKey);
  const choose = (truthWanted: 'FACT' | 'FAKE', taken: (string | undefined)[]) =>
    chooseCandidate(candidates, { truthWanted, taken: new Set(taken.map(String)) });

  it('takes the first of the wanted truth: the researcher puts the best first', () => {
    expect(choose('FACT', [])).toBe(0);
    expect(choose('FAKE', [])).toBe(1);
  });

  it('takes a fact that was not asked, of the other truth if need be', () => {
    expect(choose('FACT', [keys[0]])).toBe(2);
    expect(choose('FACT', [keys[0], keys[2]])).toBe(1);
  });

  it('takes any when all were asked, so that the draft is turned down at once', () => {
    expect(choose('FAKE', keys)).toBe(1);
  });

  it('follows the room’s wish', async () => {
    const room = await roomWaitingFor('writer');
    const { truthWanted } = room.preparation();
    await thinkersWith({}).writer.handle(room.task('RESEARCH_DONE'));
    expect(lastWork(room)).toMatchObject({ candidate: { truth: truthWanted } });
  });
});

describe('the editor', () => {
  it('that cannot look a model’s words up says so, and lets nothing pass', async () => {
    const fake = await startFakeOllama();
    const thinkers = thinkersWith({ researcher: onOllama, ollamaUrl: fake.url });
    const room = await roomWaitingFor('researcher');
    for (const name of agentNames) await thinkers[name].handle(room.task(wokenBy[name]));
    await fake.stop();
    expect(lastWork(room)).toMatchObject({ approved: false, reason: 'cannot judge', verdict: null });
  });

  it('lets a verdict that disagrees, or is not sure enough, turn the claim down with the reason', async () => {
    const verdict = (truth: string, confidence: number) => ({
      text: JSON.stringify({
        ...{ truth, confidence, explanation: 'So it is.' },
        ...{ sourceName: 'A book', sourceUrl: 'https://books.org' },
      }),
    });
    const reasons: unknown[] = [];
    for (const said of [
      verdict('FACT', 0.9),
      verdict('FAKE', 0.9),
      verdict('FACT', 0.5),
      verdict('FAKE', 0.5),
    ]) {
      const fake = await startFakeOpenAI({ behave: said });
      const room = await roomWaitingFor('editor');
      await thinkersWith({ editor: onOpenAI, openaiBaseUrl: `${fake.url}/v1` }).editor.handle(
        room.task('DRAFT_READY'),
      );
      await fake.stop();
      const work = lastWork(room);
      reasons.push('reason' in work ? work.reason : work.type);
    }
    expect(reasons.filter((reason) => reason === null)).toHaveLength(1);
    expect(reasons.filter((reason) => String(reason).startsWith('disagreement'))).toHaveLength(2);
    expect(reasons).toContain('confidence 0.5 below 0.75');
  });
});

describe('an embedded claim', () => {
  const wish = {
    topic: 'Squares',
    difficulty: 'hard',
    avoid: new Set<string>(),
    random: Math.random,
  } as const;

  it('has a verdict that agrees with its label', async () => {
    for (let i = 0; i < 20; i++) {
      const { candidate, verdict, origin } = await embeddedClaim(createSquares(), wish, () => 0);
      expect(verdict.truth).toBe(candidate.truth);
      expect(candidate.difficulty).toBe('hard');
      expect(origin).toEqual({ provider: 'embedded', model: 'knowledge', ms: 0 });
    }
  });

  it('passes over a candidate whose label the judge does not share', async () => {
    const squares = createSquares();
    const mislabelled = {
      ...squares,
      async candidates(request: Parameters<typeof squares.candidates>[0]) {
        const [first, ...rest] = await squares.candidates(request);
        return first === undefined ? [] : [{ ...first, truth: 'FACT' as const }, ...rest];
      },
    };
    const { candidate } = await embeddedClaim(mislabelled, { ...wish, random: () => 0 });
    expect(candidate.factKey).toBe('square:2');
  });

  it('comes of another topic, and at last about a fact asked before, rather than not at all', async () => {
    const other = await embeddedClaim(createSquares(), { ...wish, topic: 'Gardens' });
    expect(other.candidate.topic).toBe('Squares');
    const all = new Set(Array.from({ length: 2_000 }, (_, n) => `square:${n}`));
    const again = await embeddedClaim(createSquares(), { ...wish, avoid: all });
    expect(all).toContain(again.candidate.factKey);
  });

  it('of a knowledge that vouches for nothing is an error, not an endless search', async () => {
    const candidates = vi.fn(async () => [newEmbeddedClaim().candidate]);
    const knowledge = { topics: () => [], candidates, judge: async () => null };
    await expect(embeddedClaim(knowledge, wish)).rejects.toThrow('no claim that it can vouch for');
    expect(candidates).toHaveBeenCalledTimes(4);
  });
});

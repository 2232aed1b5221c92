// Limits of what models and their servers reply, and of what is kept of it.

import type { z } from 'zod';
import { createModel } from '../../../agents/ask.ts';
import { ModelFault, type Question, type Reply, type Talk } from '../../../agents/model.ts';
import { safeLine } from '../../../agents/model-fault.ts';
import { writerQuestion } from '../../../agents/prompts/writer.ts';
import { readReply } from '../../../agents/read-reply.ts';
import { countOf } from '../../../agents/wire/token-count.ts';
import { learn, untaught } from '../../../agents/wire/ways.ts';
import { textOf } from '../../../agents/wire/whole-reply.ts';
import { Candidate, Origin, Source } from '../../../core/claim.ts';
import { eventData } from '../../../core/events.ts';
import { limits } from '../../../core/limits.ts';
import { by, each, type Judged, least, most, noLimit, text } from './judged.ts';

/** What a schema says of a value: `taken`, or the code of what is wrong first. */
const fits =
  <T>(schema: z.ZodType<T>, make: (size: number) => unknown) =>
  (size: number): string =>
    schema.safeParse(make(size)).error?.issues[0]?.code ?? 'taken';

const source = { name: 'An atlas', url: 'https://atlas.org/a' };
const candidate = {
  ...{ claim: 'The Nile is long.', truth: 'FACT', factKey: 'length:nile', assertion: null, topic: 'Rivers' },
  ...{ difficulty: 'easy', explanation: 'It is.', source },
};
const inCandidate = (field: string, shape: (size: number) => unknown = text) =>
  fits(Candidate, (size) => ({ ...candidate, [field]: shape(size) }));
const origin = { provider: 'openai', model: 'm', ms: 1 };
const inOrigin = (field: string, shape: (size: number) => unknown) =>
  fits(Origin, (size) => ({ ...origin, [field]: shape(size) }));
const research = fits(eventData.RESEARCH_DONE, (count) => ({
  ...{ candidates: Array(count).fill(candidate), origin, stageMs: 1 },
}));

const reply = (said: string): Reply => ({
  ...{ text: said, cut: false, refusal: null, inputTokens: 1, outputTokens: 1 },
});
const question = writerQuestion(Candidate.parse(candidate)) as Question<unknown>;

/** A good answer among so many characters in all. */
function read(chars: number): string {
  const good = JSON.stringify({ statement: candidate.claim });
  const tried = readReply(reply(`${'-'.repeat(chars - good.length - 1)} ${good}`), question);
  return 'value' in tried ? 'taken' : tried.fault.message;
}

const free = { clock: () => 0, prices: {}, onCost: async () => undefined };

/** What a model is shown again of an unusable reply of so many characters. */
async function shownAgain(chars: number): Promise<number> {
  const shown: string[] = [];
  const talk: Talk = async ({ turns }) => {
    shown.push(...turns.flatMap((turn) => (turn.role === 'assistant' ? [turn.text] : [])));
    return reply(text(chars));
  };
  const model = createModel({ provider: 'ollama', model: 'm', talk }, free);
  await model.ask(question, AbortSignal.timeout(5_000)).catch(() => undefined);
  return shown[0]?.length ?? 0;
}

/** A model that asks for so much patience: it is waited for until its stage ends, or left alone at once. */
async function patience(retryAfterMs: number): Promise<string> {
  const stage = new AbortController();
  const talk: Talk = async () => {
    setImmediate(() => stage.abort(new Error('the stage is over')));
    throw new ModelFault('model_http', 'busy', { retryable: true, retryAfterMs });
  };
  const model = createModel({ provider: 'ollama', model: 'm', talk }, free);
  const why: unknown = await model.ask(question, stage.signal).catch((error: unknown) => error);
  return why instanceof ModelFault ? 'left alone' : 'waited for';
}

const ofBytes = async (bytes: number): Promise<string> =>
  textOf(new Response(text(bytes))).then(
    () => 'taken',
    () => 'too long',
  );

const allows = (tokens: number): string => {
  const said = { status: 400, text: `max_tokens is too large: at most ${tokens} are allowed` };
  return learn(untaught, said, 'said')?.tokensMax === tokens ? 'taken' : 'given up';
};

const refusals = (title: string) => by('test/agents/odd-refusals.unit.test.ts', title);
const breaker = (title: string) => by('test/agents/breaker.unit.test.ts', title);
const big = 'too_big';

const claims = {
  questionCharsMin: least(limits.questionCharsMin, inCandidate('claim'), 'too_small'),
  questionCharsMax: most(limits.questionCharsMax, inCandidate('claim'), big),
  explanationCharsMax: most(limits.explanationCharsMax, inCandidate('explanation'), big),
  sourceNameCharsMax: most(
    limits.sourceNameCharsMax,
    fits(Source, (size) => ({ ...source, name: text(size) })),
    big,
  ),
  urlCharsMax: most(
    limits.urlCharsMax,
    fits(Source, (size) => ({ ...source, url: source.url.padEnd(size, 'a') })),
    big,
  ),
  factKeyCharsMax: each(
    most(limits.factKeyCharsMax, inCandidate('factKey'), big),
    most(limits.factKeyCharsMax, inCandidate('assertion'), big),
  ),
  candidatesMax: most(limits.candidatesMax, research, big),
  modelNameCharsMax: most(limits.modelNameCharsMax, inOrigin('model', text), big),
  originErrorCharsMax: each(
    most(
      limits.originErrorCharsMax,
      inOrigin('fellBackFrom', (size) => [{ provider: 'x', error: text(size) }]),
      big,
    ),
    most(
      limits.originErrorCharsMax,
      (size) => (safeLine(text(size)).endsWith('…') ? 'cut' : 'whole'),
      'cut',
      'whole',
    ),
  ),
  originNotesMax: most(
    limits.originNotesMax,
    inOrigin('notes', (count) => Array(count).fill('a note')),
    big,
  ),
  originNoteCharsMax: most(
    limits.originNoteCharsMax,
    inOrigin('notes', (size) => [text(size)]),
    big,
  ),
};

const replies = {
  replyCharsMax: most(limits.replyCharsMax, read, `the reply has ${limits.replyCharsMax + 1} characters`),
  replyBytesMax: most(limits.replyBytesMax, ofBytes, 'too long'),
  tokensCountedMax: most(
    limits.tokensCountedMax,
    (count) => (countOf(count) === count ? 'taken' : 'unknown'),
    'unknown',
  ),
  modelTokensMin: least(limits.modelTokensMin, allows, 'given up'),
  modelTokensMax: refusals('%s is asked for as many as it allows, and from then on'),
  modelRefusalsMax: refusals('never takes more than so many requests, whatever a server says'),
  modelWaysKeptMs: refusals('is learned anew after a while: the server may have been upgraded'),
  repairCharsMax: most(limits.repairCharsMax, shownAgain, limits.repairCharsMax, limits.repairCharsMax),
  retryAfterMsMax: most(limits.retryAfterMsMax, patience, 'left alone', 'waited for'),
  breakerFailures: breaker(
    'opens after so many failures in a row, and tells the last of them without asking',
  ),
  breakerRestMs: breaker('lets exactly one call try after the rest, and closes when it succeeds'),
  avoidedFactsNamed: by(
    'test/agents/prompts.unit.test.ts',
    'the researcher is told the newest facts to stay away from',
  ),
  dayUsdByDefault: by(
    'test/server/config/config.unit.test.ts',
    'bounds a day of models that may cost something, until somebody says how much or none',
  ),
  dayTokensByDefault: by(
    'test/server/config/config.unit.test.ts',
    'bounds a day of models that may cost something, until somebody says how much or none',
  ),
  candidatesAskedPerTruth: noLimit('how many a model is asked for; what it gives is held to candidatesMax'),
  charsPerToken: noLimit('an estimate of what a server did not count'),
  stageMarginMs: noLimit('a pace of ours'),
};

const memory = {
  embedTextsMax: by(
    'test/projections/memory-keeper.unit.test.ts',
    'goes in small steps when there is much of it',
  ),
  embedMsMax: by(
    'test/server/degraded.int.test.ts',
    'an embedder that does not answer is told by those who asked it, until it does',
  ),
  memoryQuestionsMax: by(
    'test/server/stores/memory.int.test.ts',
    'is forgotten when so many newer ones have come, by every process that knew it',
  ),
  repeatsLookedAt: noLimit('how many neighbours are asked for'),
  likesLookedAt: noLimit('how many neighbours are asked for'),
  askedQuestionsNamed: noLimit('how many neighbours are asked for'),
  searchRowsMax: noLimit('how many neighbours are asked for at once'),
  moduleRestMs: noLimit('a pace of ours'),
  searchCheckEveryMs: by(
    'test/server/stores/memory-trust.int.test.ts',
    'and finds others than the nearest since is found out within a minute',
  ),
  searchFillMsMax: noLimit('how long a new index is waited for; the exact search answers meanwhile'),
};

export const ofModels = { ...claims, ...replies, ...memory } satisfies Partial<
  Record<keyof typeof limits, Judged>
>;

// The games that are recorded, as scripts. Between them they hold every event that the rules know: see
// `README.md` for which is about what.

import { setTimeout as sleep } from 'node:timers/promises';
import { retractRound } from '../../server/operate/retract.ts';
import type { Behaviour, FakeRequest } from '../support/fake-model-server.ts';
import type { WireClient } from '../support/wire-client.ts';
import type { Scene } from './scene.ts';

const all = (scene: Scene, number: number, answers: readonly (readonly [WireClient, boolean, number?])[]) =>
  Promise.all(answers.map(([client, right, ms]) => scene.answer(client, number, right, ms)));

async function goOn(scene: Scene, number: number): Promise<void> {
  const { roundId } = await scene.question(number);
  await scene.ask('next', { roundId });
}

const gameOf = ({ host }: Scene): string => host.frame('GAME_START')?.d.game;

const over = ({ host }: Scene, games: number): Promise<void> =>
  host.until(() => host.frames.filter(({ t }) => t === 'GAME_OVER').length === games);

export const wholeGameSettings = { rounds: 7, seconds: 5, autoAdvance: false };

/** Two games in one room, with all that hosts, players and operators may do. */
export async function wholeGame(scene: Scene): Promise<void> {
  const ada = await scene.join('Ada');
  const bo = await scene.join('Bo');
  const cy = await scene.join('Cy');
  await scene.ask('start', { after: null });
  await askedRight(scene, { ada, bo, cy });
  const dee = await scene.join('Dee');
  await goOn(scene, 1);
  await extendedAndLate(scene, { ada, bo, cy, dee });
  await goOn(scene, 2);
  await skipped(scene, ada);
  await goOn(scene, 3);
  await paused(scene, { ada, bo, cy, dee });
  await goOn(scene, 4);
  await leftAndKicked(scene, { ada, bo, cy, dee });
  await goOn(scene, 5);
  await all(scene, 6, [[ada, true, 900]]);
  await scene.ask('close', { roundId: (await scene.question(6)).roundId });
  await scene.result(6);
  await goOn(scene, 6);
  // Dee lets the time run out.
  await all(scene, 7, [
    [ada, true, 50],
    [cy, true, 3_000],
  ]);
  await scene.result(7);
  await goOn(scene, 7);
  await over(scene, 1);
  await reportedAndTakenBack(scene, { ada, cy });
  await secondGame(scene, { ada, cy, dee });
}

type Players = Readonly<Record<'ada' | 'bo' | 'cy' | 'dee', WireClient>>;

async function askedRight(scene: Scene, { ada, bo, cy }: Omit<Players, 'dee'>): Promise<void> {
  await all(scene, 1, [
    [ada, true],
    [bo, false, 700],
    [cy, true, 1_500],
  ]);
  await scene.result(1);
}

/** The last one answers when the time is up, within the grace. */
async function extendedAndLate(scene: Scene, { ada, bo, cy, dee }: Players): Promise<void> {
  const { roundId, opensAt, deadline } = await scene.question(2);
  await scene.ask('extend', { roundId, ms: 1_000 });
  await all(scene, 2, [
    [ada, true, 2_000],
    [bo, true, 600],
    [dee, false, 500],
  ]);
  await scene.answer(cy, 2, true, (deadline ?? 0) - opensAt + 1_000 + 400);
  await scene.result(2);
}

async function skipped(scene: Scene, ada: WireClient): Promise<void> {
  await scene.answer(ada, 3, false);
  await scene.ask('skip', { roundId: (await scene.question(3)).roundId });
}

async function paused(scene: Scene, { ada, bo, cy, dee }: Players): Promise<void> {
  await scene.answer(bo, 4, false, 300);
  await scene.ask('pause');
  await sleep(700);
  await scene.ask('resume');
  await all(scene, 4, [
    [ada, true, 1_800],
    [cy, false, 2_000],
    [dee, true, 2_200],
  ]);
  await scene.result(4);
}

async function leftAndKicked(scene: Scene, { ada, bo, cy, dee }: Players): Promise<void> {
  await bo.request('leave', {});
  const eve = await scene.join('Eve');
  await scene.question(5);
  await scene.ask('ban', { playerId: eve.playerId });
  await all(scene, 5, [
    [ada, true],
    [cy, true, 400],
    [dee, true, 600],
  ]);
  await scene.result(5);
}

async function reportedAndTakenBack(scene: Scene, { ada, cy }: Pick<Players, 'ada' | 'cy'>): Promise<void> {
  const { roundId } = await scene.question(2);
  await ada.request('report', { roundId, reason: 'This is out of date.' });
  await cy.request('report', { roundId, reason: 'Not so where I live.' });
  await retractRound(scene.operator, { room: scene.room, round: roundId, reason: 'out of date' });
  await untilPublished(scene);
}

/** Until the game that is over stands on the boards as it is now. */
async function untilPublished(scene: Scene): Promise<void> {
  const { connection, keys } = scene.operator;
  const { rev } = (await scene.log()).findLast(({ type }) => type === 'ROUND_VOIDED') ?? { rev: 0 };
  const published = async () => Number(await connection.hget(keys.boards.revisions, gameOf(scene)));
  for (const givenUpAt = Date.now() + 20_000; (await published()) < rev; await sleep(50)) {
    if (Date.now() > givenUpAt) throw new Error('the game does not get onto the boards');
  }
}

/** Without a clock, by itself, with a round taken back while the game runs, and ended before its end. */
async function secondGame(scene: Scene, { ada, cy, dee }: Omit<Players, 'bo'>): Promise<void> {
  const change = { seconds: null, rounds: 4, autoAdvance: true, topic: 'Chemistry', difficulty: 'hard' };
  await scene.ask('settings', change);
  await scene.ask('start', { after: gameOf(scene) });
  await all(scene, 8, [
    [ada, false],
    [cy, true],
    [dee, true],
  ]);
  await scene.result(8);
  await scene.question(9);
  const { roundId } = await scene.question(8);
  await retractRound(scene.operator, { room: scene.room, round: roundId, reason: 'wrong' });
  await scene.ask('kick', { playerId: dee.playerId });
  await all(scene, 9, [
    [ada, true],
    [cy, false],
  ]);
  await scene.result(9);
  await scene.answer(cy, 10, true);
  await scene.ask('end', { game: gameOf(scene) });
  await over(scene, 2);
}

export const modelsGameSettings = { rounds: 7, seconds: 5, difficulty: 'normal' };

const unsure = { truth: 'FACT', confidence: 0.3, explanation: 'Nobody can know this for sure.' };
const source = { sourceName: 'A book', sourceUrl: 'https://example.org/book' };

/** One that begins with a reply of no use, turns down the first drafts, and is out of order for a while. */
export const openaiOfTheGame = ({ role, number, repair }: FakeRequest): Behaviour => {
  if (number > 14 && number <= 17) return 'failing';
  if (role === 'researcher' && number === 1) return 'wrong-shape';
  if (role === 'editor' && !repair && number <= 12) return { text: JSON.stringify({ ...unsure, ...source }) };
  return 'good';
};
/** One that once says what is no answer. */
export const ollamaOfTheGame = ({ number }: FakeRequest): Behaviour => (number === 2 ? 'prose' : 'good');

/** A game on models, to its end. */
export async function modelsGame(scene: Scene): Promise<void> {
  const ada = await scene.join('Ada');
  const bo = await scene.join('Bo');
  await scene.ask('start', { after: null });
  for (const number of [1, 2, 3, 4, 5, 6, 7]) {
    await all(scene, number, [
      [ada, number !== 3],
      [bo, number % 2 === 0, 1_000 + 200 * number],
    ]);
    await scene.result(number);
  }
  await over(scene, 1);
}

export const unfinishedSettings = { rounds: 5, seconds: 30, topic: 'Numbers' };

/** After the first claim each model hangs, so that claims stay at every stage of their making. */
export function hangingModel(): (request: FakeRequest) => Behaviour {
  const asked = { researcher: 0, writer: 0, editor: 0, unknown: 0 };
  const good = { researcher: 3, writer: 2, editor: 1, unknown: 0 };
  return ({ role }) => {
    asked[role] += 1;
    return asked[role] > good[role] ? 'hanging' : 'good';
  };
}

/** Stops in the middle of the first question: one has answered, one has not, three claims are being made. */
export async function unfinishedGame(scene: Scene): Promise<void> {
  const ada = await scene.join('Ada');
  await scene.join('Bo');
  await untilStages(scene, 'ready');
  await scene.ask('start', { after: null });
  await scene.answer(ada, 1, true, 400);
  await untilStages(scene, 'review', 'draft', 'research');
}

async function untilStages(scene: Scene, ...wanted: readonly string[]): Promise<void> {
  for (const givenUpAt = Date.now() + 20_000; Date.now() < givenUpAt; ) {
    const { state } = await scene.operator.rooms.load(scene.room);
    const stages: string[] =
      state.phase === 'none' ? [] : state.preparing.map((preparation) => preparation.work.stage);
    if (wanted.every((stage) => stages.includes(stage))) return;
    await sleep(50);
  }
  throw new Error(`no claims at ${wanted.join(', ')}`);
}

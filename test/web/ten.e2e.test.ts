// Ten people in one browser, each with a profile of their own; the line of one is cut for a whole round.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { join, openAnswers, scoreIn } from '../support/at-the-page.ts';
import { openBrowser } from '../support/chromium.ts';
import { noteComplaints } from '../support/complaints.ts';
import { startServing } from '../support/serving.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { button } from '../support/tour.ts';

const people = 10;
const rounds = 3;
// The browser itself tells of a line that is cut.
const lostLine = [/^WebSocket connection to 'ws:[^']*' failed/, /^Failed to load resource: net::ERR_/];

test('one of ten is cut off for a round, and resumes with the right score and what was missed', async () => {
  const arena = await startServing({ LEAD_MS: '300' });
  const line = await startTcpProxy(Number(new URL(arena.http).port));
  const { browser, close } = await openBrowser();
  const { room, hostToken } = await arena.makeRoom({ rounds, seconds: 30, autoAdvance: false });
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();

  const pages: Page[] = [];
  const said: string[] = [];
  for (let i = 0; i < people; i++) {
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
    noteComplaints(page, said, i === 0 ? lostLine : []);
    await page.goto(`${i === 0 ? line.url : arena.http}/j/${room}`);
    await join(page, `Player ${i}`);
    pages.push(page);
  }
  const [cut, ...others] = pages as [Page, ...Page[]];
  const questions = () => host.frames.filter(({ t }) => t === 'NEW_QUESTION').map(({ d }) => d);
  const play = async (round: number, those: readonly Page[]) => {
    await host.until(() => questions().length === round);
    await Promise.all(those.map(openAnswers));
    await Promise.all(those.map((page) => button(page, 'FACT').click()));
    // What was tapped may still be on its way.
    await Promise.all(those.map((page) => page.getByText(/Locked in: FACT|You said FACT\./).waitFor()));
    // It closes by itself once all who are there have answered; this is for the one who is not.
    const { roundId } = questions()[round - 1];
    await host.request('close', { roundId });
    await Promise.all(those.map((page) => page.getByText('You said FACT.').waitFor()));
    return roundId;
  };
  const next = (roundId: string) =>
    expect.poll(async () => (await host.request('next', { roundId })).err ?? null).toBeNull();

  await host.request('start', { after: null });
  const first = await play(1, pages);
  const before = await scoreIn(cut);
  line.cut();
  await next(first);
  const second = await play(2, others);
  await next(second);
  await host.until(() => questions().length === rounds);
  line.restore();
  await cut.getByText(`Round ${rounds} of ${rounds}`).waitFor();
  const missed = cut.locator('.missed');
  await missed.getByRole('heading', { name: 'While you were away' }).waitFor();
  expect(await missed.textContent()).toContain(questions()[1].question);

  await play(rounds, pages);
  const truths = host.frames.filter(({ t }) => t === 'ROUND_RESULT').map(({ d }) => d.truth);
  const entries = host.frames.findLast(({ t }) => t === 'LEADERBOARD_UPDATE')?.d.entries as Entry[];
  const told = entries.find(({ name }) => name === 'Player 0')?.score;
  const scores = await Promise.all(pages.map(scoreIn));
  console.log(`ten at the page, by score: ${scores.join(', ')}; the first was away in round 2`);
  expect(scores[0]).toBe(told);
  // All said FACT: it got what rounds 1 and 3 gave, and of round 2 the others alone got something.
  expect((scores[0] ?? 0) > before).toBe(truths[2] === 'FACT');
  expect((scores[1] ?? 0) - (scores[0] ?? 0) > 400).toBe(truths[1] === 'FACT');
  for (const [index, score] of scores.entries()) {
    expect(score).toBe(entries.find(({ name }) => name === `Player ${index}`)?.score);
  }
  expect(said).toEqual([]);
  await close();
  await line.stop();
  await arena.stop();
}, 90_000);

interface Entry {
  readonly name: string;
  readonly score: number;
}

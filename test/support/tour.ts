// A way through every screen of the page, with a host, a player and a big screen in a real browser: for
// looking at them, and for tests that hold on each of them.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Serving } from './serving.ts';

/** Called on each screen, once it is there and still. */
export type Visit = (screen: string, page: Page) => Promise<void>;

export interface TourOptions {
  readonly browser: Browser;
  readonly arena: Serving;
  readonly visit: Visit;
  /** Players beside the one in the browser. */
  readonly crowd: number;
  readonly context?: BrowserContextOptions;
  /** Told of every page that is opened, before it goes anywhere. */
  readonly onPage?: (page: Page) => void;
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

const names = [
  'Ada',
  'Grace H.',
  'Éloïse de la T.',
  'عمر',
  '田中さん',
  'Maximilian Longer',
  '👩‍🚀 Zed',
  'Ωμέγα',
];

type Open = (path: string) => Promise<Page>;

interface Seats {
  readonly room: string;
  readonly host: Page;
  readonly ada: Page;
  readonly screen: Page;
}

/** Makes a room, plays one round and ends the game, looking at everything on the way. */
export async function tour(options: TourOptions): Promise<void> {
  const { browser, arena, visit, context, onPage = () => undefined } = options;
  const pages: Page[] = [];
  const open: Open = async (path) => {
    const page = await (await browser.newContext({ locale: 'en-US', ...context })).newPage();
    pages.push(page);
    onPage(page);
    await page.goto(arena.http + path);
    return page;
  };
  const seats = await sitDown(open, options);
  await playOneRound(seats, visit);
  await endAndLookBack(seats, visit);
  await goWrong(open, seats.room, visit);
  for (const page of pages) await page.context().close();
}

async function sitDown(open: Open, { arena, visit, crowd }: TourOptions): Promise<Seats> {
  const host = await open('/');
  await host.getByRole('heading', { name: 'Fact or Fake' }).waitFor();
  await visit('home', host);
  await button(host, 'Host a game').click();
  await host.waitForURL('**/host/*');
  const room = host.url().split('/').at(-1) ?? '';
  await button(host, 'Copy the link').waitFor();
  const ada = await open(`/j/${room}`);
  await visit('name', ada);
  await ada.getByLabel('Your name').fill('Ada Lovelace');
  await button(ada, 'Join').click();
  await ada.getByRole('heading', { name: 'You are in, Ada Lovelace.' }).waitFor();
  const screen = await open(`/screen/${room}`);
  await bringCrowd(arena, room, crowd);
  for (const page of [host, ada, screen])
    await page
      .getByText(`${crowd + 1} players`)
      .first()
      .waitFor();
  await host.getByText('Geography').waitFor();
  await visit('host-lobby', host);
  await visit('lobby', ada);
  await visit('screen-lobby', screen);
  return { room, host, ada, screen };
}

async function bringCrowd(arena: Serving, room: string, crowd: number): Promise<void> {
  for (let i = 0; i < crowd; i++) {
    // The last one does not answer, so that the round stays open.
    const choose = () => (i === crowd - 1 ? null : i % 3 === 0 ? 'FAKE' : 'FACT');
    const name = `${names[i % names.length]} ${i < names.length ? '' : i}`.trim();
    const { err } = await arena.client({ room, name, choose, hesitateMs: 500 + 100 * i }).connect();
    if (err !== undefined) throw new Error(`${name}: ${err.code}`);
  }
}

async function playOneRound({ host, ada, screen }: Seats, visit: Visit): Promise<void> {
  await host.getByLabel('Go on by itself').uncheck();
  await host.getByLabel('Seconds').selectOption('30');
  await button(host, 'Start the game').click();
  await ada.locator('.lead-in').waitFor();
  await ada.getByText('Answers open in a moment.').waitFor();
  await visit('get-ready', ada);
  await ada.locator('.answer[aria-disabled="false"]').first().waitFor();
  await visit('question', ada);
  await button(ada, 'FACT').click();
  await ada.getByText('Locked in: FACT').waitFor();
  await visit('locked', ada);
  await visit('host-question', host);
  await visit('screen-question', screen);
  await button(host, 'Pause').click();
  await ada.getByRole('heading', { name: 'Paused' }).waitFor();
  await visit('paused', ada);
  await button(host, 'Go on').click();
  await button(host, 'Close the round').click();
  for (const page of [ada, host, screen]) await page.locator('.reveal').waitFor();
  await visit('reveal', ada);
  await visit('host-reveal', host);
  await visit('screen-reveal', screen);
}

async function endAndLookBack({ host, ada, screen }: Seats, visit: Visit): Promise<void> {
  await button(host, 'End the game').click();
  await button(host, 'Really end it?').click();
  for (const page of [ada, host, screen]) await page.locator('.podium').waitFor();
  await visit('podium', ada);
  await visit('host-podium', host);
  await visit('screen-podium', screen);
  await ada.getByRole('link', { name: 'All questions of this game' }).click();
  await ada.getByRole('heading', { name: 'Game of', exact: false }).waitFor();
  await visit('game', ada);
  await ada.getByRole('link', { name: 'Best players' }).click();
  await ada.getByRole('heading', { name: 'All time' }).waitFor();
  await visit('boards', ada);
}

async function goWrong(open: Open, room: string, visit: Visit): Promise<void> {
  const lost = await open('/j/ZZZZZZ');
  await lost.getByRole('heading', { name: 'There is no room with this code.' }).waitFor();
  await visit('no-room', lost);
  const stranger = await open(`/host/${room}`);
  await stranger.getByRole('heading', { name: 'This browser is not the host', exact: false }).waitFor();
  await visit('not-host', stranger);
}

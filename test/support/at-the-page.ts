// What people do at a player's page, as often as tests need it.

import type { Page } from 'playwright-core';
import { button } from './tour.ts';

/** Gives a name at a room's page, and waits until the room has it. */
export async function join(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await button(page, 'Join').click();
  await page.getByRole('heading', { name: `You are in, ${name}.` }).waitFor();
}

/** Waits until the question may be answered. */
export const openAnswers = (page: Page): Promise<void> =>
  page.locator('.answer[aria-disabled="false"]').first().waitFor();

/** The score that this player's own row shows. */
export const scoreIn = async (page: Page): Promise<number> =>
  Number(await page.locator('.board .mine .score').first().textContent());

// What a page says to the console of its browser that is an error, for tests in which it should say nothing.

import type { Page } from 'playwright-core';

/** Notes every error of a page from now on in `said`, but those that the test expects. */
export function noteComplaints(page: Page, said: string[], expected: readonly RegExp[] = []): void {
  const note = (text: string) => {
    if (!expected.some((pattern) => pattern.test(text))) said.push(text);
  };
  page.on('console', (message) => message.type() === 'error' && note(message.text()));
  page.on('pageerror', (error) => note(String(error)));
}

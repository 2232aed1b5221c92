// What is said while a store is waited for: at once, again where the reason is another one, and then now and
// then, so that a process that waits for ever does not look as if it hung.

import type { Report } from '../consume/report.ts';
import { limits } from '../contract/limits.ts';

/** Tells why the store at an address does not reply. `clock`: in ms. */
export function createTellAway(
  report: Report,
  clock: () => number = () => performance.now(),
): (at: string, error: unknown) => void {
  const told = new Map<string, { readonly reason: Reason | null; readonly at: number }>();
  return (at, error) => {
    const last = told.get(at);
    const found = reasonOf(error);
    // After a wrong password each command says that it wants one, too.
    const reason = last?.reason === wrongPassword && found === noPassword ? wrongPassword : found;
    const isNew = last === undefined || (reason !== null && reason !== last.reason);
    if (!isNew && clock() - last.at < limits.awayAgainMs) return;
    told.set(at, { reason, at: clock() });
    const waiting = 'until it replies; this is said again each minute';
    report('store_away', { at, error: reason?.said ?? String(error), waiting });
  };
}

interface Reason {
  readonly driver: RegExp;
  readonly said: string;
}

const wrongPassword: Reason = {
  driver: /WRONGPASS|without any password configured/,
  said: 'wrong user or password in the URL of the store: correct it there, or let the store know the user',
};
const noPassword: Reason = {
  driver: /NOAUTH/,
  said: 'the store wants a password: write it into its URL, redis://user:password@host:port',
};
const otherProtocol: Reason = {
  driver: /Protocol error/,
  said: 'it does not speak the protocol of Valkey: correct host and port in the URL of the store, or write rediss:// for TLS',
};

/** What does not pass by waiting alone; null for all else. */
const reasonOf = (error: unknown): Reason | null =>
  [wrongPassword, noPassword, otherProtocol].find(({ driver }) => driver.test(String(error))) ?? null;

// What files about consumers begin with: one Valkey for all of their tests, emptied before each, and an
// engine for each.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { fieldsOf } from '../../streams/valkey/fields.ts';
import { type Engine, startEngine } from './engine.ts';
import { startTestValkey, type TestValkey } from './valkey.ts';

export interface EachTest {
  /** Of the test that runs now. */
  readonly engine: Engine;
  readonly valkey: TestValkey;
  /** Entries that researchers were given and nobody has acknowledged. */
  pending(): Promise<number>;
  /** Their fields, the oldest first. */
  deadLetters(): Promise<Readonly<Record<string, string>>[]>;
}

/** Called once at the top of a file. */
export function engineForEach(): EachTest {
  let valkey: TestValkey;
  let engine: Engine;
  beforeAll(async () => {
    valkey = await startTestValkey();
  });
  afterAll(() => valkey.stop());
  beforeEach(async () => {
    engine = await startEngine(valkey.url);
    await engine.commands.flushall();
  });
  afterEach(() => engine.close());
  return {
    get engine() {
      return engine;
    },
    get valkey() {
      return valkey;
    },
    async pending() {
      const [count] = (await engine.commands.xpending(engine.partition.feed, 'researcher')) as [number];
      return count;
    },
    async deadLetters() {
      const entries = await engine.commands.xrange(engine.partition.dead, '-', '+');
      return entries.map(([, fields]) => fieldsOf(fields));
    },
  };
}

/** Waits for a fact about the server; fails when it does not come true in time. */
export async function until(what: () => Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > deadline) expect.fail(`not so within ${ms} ms: ${what}`);
    await sleep(20);
  }
}

/** What comes; fails with its name when it does not come in time. */
export async function inTime<T>(name: string, coming: Promise<T>, ms = 10_000): Promise<T> {
  const enough = new AbortController();
  const late = sleep(ms, null, { signal: enough.signal }).then(() =>
    expect.fail(`${name}: not within ${ms} ms`),
  );
  late.catch(() => undefined);
  return Promise.race([coming, late]).finally(() => enough.abort());
}

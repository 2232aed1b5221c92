// Which modules a server has, and whether they do for us what they should. That a command is there says
// little: a user may not use it, another vendor's may do something else. So it is tried.

import { isDeepStrictEqual } from 'node:util';
import { ulid } from 'ulid';
import { limits } from '../../core/limits.ts';
import { isAway } from '../../streams/engine.ts';
import { asFault, greetingOf, orNotTold, primariesOf, type Valkey } from '../../streams/parts.ts';
import { type Shortfall, type TellShortfall, untold } from '../health/shortfalls.ts';
import type { GameKeys } from './keys.ts';

export interface Modules {
  readonly json: boolean;
  readonly search: boolean;
}

/**
 * By COMMAND INFO, which has no side effects: an empty MODULE LIST does not mean that a command is missing,
 * nor the other way round. Where that is forbidden, HELLO names them.
 */
export async function probeModules(connection: Valkey): Promise<Modules> {
  const reply = await orNotTold(() => connection.call('COMMAND', 'INFO', 'json.set', 'ft.search'));
  const [primary] = primariesOf(connection);
  if (reply === null && primary !== undefined) {
    const { modules } = await greetingOf(primary);
    return { json: modules.some((name) => /json/i.test(name)), search: modules.includes('search') };
  }
  const [json, search] = Array.isArray(reply) ? reply : [];
  return { json: Array.isArray(json), search: Array.isArray(search) };
}

const asked = new WeakMap<Valkey, { readonly life: number; readonly modules: Promise<Modules> }>();

/** What `probeModules` says, asked once in each life of the connection: it may be another server after it. */
export function modulesOf(connection: Valkey): Promise<Modules> {
  const life = livesOf(connection).count;
  const known = asked.get(connection);
  if (known?.life === life) return known.modules;
  const modules = probeModules(connection);
  asked.set(connection, { life, modules });
  modules.catch(() => asked.delete(connection));
  return modules;
}

/** A trial's keys are forgotten by themselves where it could not tidy up. */
export const trialMsMax = 60_000;

/** Null where a document comes back as it was set, else why not. Throws Fault when the store is away. `key`:
 * for nothing else. */
export async function tryJson(connection: Valkey, key: string): Promise<string | null> {
  const document = { text: 'ä', list: [1, 0.5], nothing: null };
  try {
    await connection.call('JSON.SET', key, '$', JSON.stringify(document));
    await connection.pexpire(key, trialMsMax);
    const text = String(await connection.call('JSON.GET', key));
    const same = text.startsWith('{') && isDeepStrictEqual(JSON.parse(text), document);
    return same ? null : 'a document comes back as another';
  } catch (error) {
    return whyNot(error);
  } finally {
    await connection.del(key).catch(whyNot);
  }
}

/** What a server says against a trial. Throws Fault when it is away, and has said nothing; a bug as it is. */
export function whyNot(error: unknown): string {
  if (isAway(asFault(error))) throw asFault(error);
  if (!(error instanceof Error) || error.name !== 'ReplyError') throw error;
  return error.message;
}

/** Something that a server may have and not do, as it was tried last. */
export interface Trial {
  /** Whether it may be used for now. Throws Fault when the store is away. */
  usable(): Promise<boolean>;
  /** That it was refused all the same; until the next trial it is not used. */
  refused(why: string): void;
}

export interface Trying {
  readonly tell?: TellShortfall;
  /** In ms, only for differences. */
  readonly clock?: () => number;
  /** How long what failed is left alone, in ms. */
  readonly restMs?: number;
  /** How long a new index may take to be filled within one trial, in ms. */
  readonly fillMs?: number;
}

/** `attempt`: null where it does what it should, else why not; `missing` where the server has it not. */
export interface Tried {
  readonly connection: Valkey;
  readonly code: Shortfall;
  readonly attempt: () => Promise<string | null | typeof missing>;
}

export const missing = Symbol('missing');

/**
 * Tried once per life of the connection, since it may be another server after it, and again after each rest
 * while it fails.
 */
export function createTrial({ connection, code, attempt }: Tried, trying: Trying = {}): Trial {
  const { tell = untold, clock = () => performance.now(), restMs = limits.moduleRestMs } = trying;
  const lives = livesOf(connection);
  let known: { readonly usable: Promise<boolean>; readonly life: number; readonly until: number } | null =
    null;
  const keep = (usable: Promise<boolean>, ms: number) => {
    known = { usable, life: lives.count, until: clock() + ms };
  };

  async function look(): Promise<boolean> {
    const outcome = await attempt();
    if (typeof outcome === 'string') refused(outcome);
    else tell(code, null);
    return outcome === null;
  }

  function refused(why: string): void {
    tell(code, why);
    keep(Promise.resolve(false), restMs);
  }

  return {
    refused,
    usable() {
      if (known !== null && known.life === lives.count && clock() < known.until) return known.usable;
      const usable = look();
      keep(usable, Number.POSITIVE_INFINITY);
      usable.catch(() => {
        if (known?.usable === usable) known = null;
      });
      return usable;
    },
  };
}

export function createJson(
  connection: Valkey,
  { memory }: Pick<GameKeys, 'memory'>,
  trying: Trying = {},
): Trial {
  const key = `${memory.question}trial:${ulid()}`;
  const attempt = async () => ((await modulesOf(connection)).json ? tryJson(connection, key) : missing);
  return createTrial({ connection, code: 'json_refused', attempt }, trying);
}

const lives = new WeakMap<Valkey, { count: number }>();

/** How often a connection was lost so far. */
export function livesOf(connection: Valkey): { readonly count: number } {
  const known = lives.get(connection);
  if (known !== undefined) return known;
  const counted = { count: 0 };
  lives.set(connection, counted);
  connection.on('close', () => {
    counted.count += 1;
  });
  return counted;
}

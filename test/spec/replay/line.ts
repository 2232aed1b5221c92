// The line between one life of a process and the store: each command that the engine sends is held until the
// replay lets it through, loses it, or loses its reply. The engine does not know.

import type { Valkey } from '../../../streams/valkey/connection.ts';

/** `lost`: it never arrives. `unheard`: it arrives, and its reply does not. */
export type Fate = 'pass' | 'lost' | 'unheard' | { readonly reply: unknown } | { readonly error: Error };

/** What is thought of what is held: `not yet` there may come more. */
export type Judge = (standing: readonly string[]) => 'fits' | 'not yet' | 'wrong';

interface Held {
  readonly letGo: (fate: Fate) => Promise<unknown>;
}

export interface Line {
  readonly commands: Valkey;
  /** Names of what is held now, in order. */
  standing(): readonly string[];
  /** Waits until what is held fits. Throws at once where it is wrong: the engine goes another way. */
  until(judge: Judge, said: string): Promise<void>;
  /** Lets the one go that is held under this name; gives the reply of the store, where there is one. */
  letGo(what: string, fate?: Fate): Promise<unknown>;
  /** Holds a step that asks the store for nothing. An abort takes it away. */
  hold(what: string, signal: AbortSignal): Promise<void>;
  /** Its process is dead: what is held stays so for ever, and so does all that comes. */
  die(): void;
}

const ways: ReadonlySet<string | symbol> = new Set(['fcall', 'call', 'xautoclaim', 'xack']);
// Only for what does not come at all; machines that run tests are slow at times.
const waitMs = 60_000;
const gone = () => new Error('Connection is closed.');

export function createLine(store: Valkey): Line {
  const { held, hold, until, die } = createHolding();
  const commands = new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (!ways.has(name)) return call;
      return (...args: unknown[]) => {
        const what = nameOf(String(name), args);
        return what === null ? call(...args) : hold(what, () => call(...args));
      };
    },
  });
  return {
    commands,
    standing: () => [...held.keys()],
    until,
    async letGo(what, fate = 'pass') {
      const comes: Judge = (standing) => {
        if (standing.includes(what)) return 'fits';
        return standing.length > 0 ? 'wrong' : 'not yet';
      };
      await until(comes, `${what} was to come`);
      return held.get(what)?.letGo(fate);
    },
    async hold(what, signal) {
      await hold(what, async () => null, signal);
    },
    die,
  };
}

/** Steps that wait for what becomes of them. */
function createHolding() {
  const held = new Map<string, Held>();
  let dead = false;
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  return {
    held,
    hold(what: string, ask: () => Promise<unknown>, signal?: AbortSignal): Promise<unknown> {
      if (dead) return new Promise(() => undefined);
      if (held.has(what)) return Promise.reject(new Error(`${what} is asked twice at once`));
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      signal?.addEventListener('abort', () => {
        held.delete(what);
        reject(signal.reason);
        tell();
      });
      held.set(what, {
        async letGo(fate) {
          held.delete(what);
          if (typeof fate === 'object') {
            if ('reply' in fate) resolve(fate.reply);
            else reject(fate.error);
            return null;
          }
          const reply = fate === 'lost' ? null : await ask();
          if (fate === 'pass') resolve(reply);
          else reject(gone());
          return reply;
        },
      });
      tell();
      return promise;
    },
    async until(judge: Judge, said: string): Promise<void> {
      const enough = performance.now() + waitMs;
      for (;;) {
        const standing = [...held.keys()];
        const verdict = judge(standing);
        if (verdict === 'fits') return;
        const left = enough - performance.now();
        if (verdict === 'wrong' || left <= 0) {
          throw new Error(`${said}; it stands with ${standing.join(', ') || 'nothing'}`);
        }
        const timer = setTimeout(tell, left);
        await changed.promise;
        clearTimeout(timer);
      }
    },
    die(): void {
      dead = true;
      held.clear();
    },
  };
}

/** What a command is called here; null for those that are let through at once. */
function nameOf(command: string, args: readonly unknown[]): string | null {
  if (command === 'fcall') return String(args[0]).replace(/_[0-9a-f]{10}$/, '');
  if (command !== 'call') return { xautoclaim: 'claim', xack: 'ack' }[command] ?? null;
  const after = args.at(-1);
  if (args[0] !== 'xreadgroup') return null;
  if (after === '>') return 'read';
  // What lies behind the first page of its own is looked for at once.
  return after === '0-0' ? 'own' : null;
}

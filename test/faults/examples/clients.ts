// Clients of an example: they send commands through its gates, send again under the same key when no reply
// comes, at times send twice at once or give up, and keep all that they saw.

import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Outcome } from '../world.ts';
import type { Asked, Replied } from './door.ts';

const replyMsMax = 5_000;
const againMsMax = 400;
const givesUp = 0.05;
const sendsTwice = 0.08;

/** One sending of a command, as its client saw it. */
export interface Attempt {
  readonly stream: string;
  readonly command: Readonly<Record<string, unknown>> | null;
  readonly key: string;
  readonly sentMs: number;
  readonly endedMs: number;
  readonly outcome: Outcome;
  readonly reply: Replied | null;
}

export interface Clients {
  readonly history: readonly Attempt[];
  /** A new process of the gate. */
  add(gate: ChildProcess): void;
  /** Until a reply comes; null where the client gave up or the signal came. */
  send(command: Command, signal: AbortSignal): Promise<Replied | null>;
}

export interface Command {
  readonly stream: string;
  /** As the runner counts it. */
  readonly name: string;
  readonly command: Readonly<Record<string, unknown>> | null;
  readonly key: string;
}

type Note = (command: string) => (outcome: Outcome) => void;

export function createClients(random: Random, note: Note): Clients {
  const gates = new Set<ChildProcess>();
  const waiting = new Map<number, { readonly gate: ChildProcess; end(reply: Replied | null): void }>();
  const history: Attempt[] = [];
  let last = 0;

  const add = (gate: ChildProcess) => {
    gate.on('message', (said: Replied | 'open') => {
      if (said === 'open') gates.add(gate);
      else waiting.get(said.n)?.end(said);
    });
    gate.once('exit', () => {
      gates.delete(gate);
      for (const one of [...waiting.values()]) if (one.gate === gate) one.end(null);
    });
  };
  const openGate = async (signal: AbortSignal): Promise<ChildProcess | null> => {
    while (!signal.aborted) {
      if (gates.size > 0) return random.oneOf([...gates]);
      await sleep(20);
    }
    return null;
  };
  const ask = (gate: ChildProcess, asked: Omit<Asked, 'n'>): Promise<Replied | null> => {
    last += 1;
    const n = last;
    const { promise, resolve } = Promise.withResolvers<Replied | null>();
    const timer = setTimeout(() => waiting.get(n)?.end(null), replyMsMax);
    waiting.set(n, {
      gate,
      end(reply) {
        clearTimeout(timer);
        waiting.delete(n);
        resolve(reply);
      },
    });
    // A gate that died a moment ago takes nothing; its exit ends the wait.
    gate.send({ ...asked, n }, (error) => error !== null && waiting.get(n)?.end(null));
    return promise;
  };
  const attempt = async (command: Command, name: string, signal: AbortSignal): Promise<Replied | null> => {
    const gate = await openGate(signal);
    if (gate === null) return null;
    const ended = note(name);
    const sentMs = performance.now();
    const { stream, key } = command;
    const reply = await ask(gate, { stream, command: command.command, key });
    const outcome = outcomeOf(reply);
    ended(outcome);
    const endedMs = performance.now();
    history.push({ stream, command: command.command, key, sentMs, endedMs, outcome, reply });
    return outcome === 'unknown' ? null : reply;
  };
  return {
    history,
    add,
    async send(command, signal) {
      const twice = command.command !== null && random.next() < sendsTwice;
      const first = [attempt(command, command.name, signal)];
      if (twice) first.push(attempt(command, 'resend', signal));
      let reply = (await Promise.all(first)).find((one) => one !== null) ?? null;
      while (reply === null && !signal.aborted && random.next() >= givesUp) {
        await sleep(random.next() * againMsMax);
        reply = await attempt(command, 'resend', signal);
      }
      return reply;
    },
  };
}

function outcomeOf(reply: Replied | null): Outcome {
  // A fault says that it is not known whether the command was done.
  if (reply === null || reply.status === 'failed') return 'unknown';
  return reply.status === 'rejected' ? 'refused' : 'ok';
}

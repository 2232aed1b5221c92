// Supervises child processes: a child that ends by itself is started again, with back-off and jitter; at
// the signal all are ended in order. Children notice the end of this process when their IPC channel
// closes.

import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { repeat } from '../../../streams/parts.ts';
import { createRestarts, type Restarting } from '../../setup/restarts.ts';
import type { Orders } from './orders.ts';

export interface ChildPlan {
  readonly name: string;
  /** Gives a child that has just been forked, or has waited for its orders. */
  readonly fork: () => ChildProcess;
  /** Told to it at the beginning of each life. */
  readonly orders: Orders;
  /** Called at each message that the child sends. */
  readonly onWord?: () => void;
}

export interface Supervision extends Restarting {
  /** Told when a child ended by itself, and in how many ms it is started again. */
  readonly onExit: (name: string, why: string, backInMs: number) => void;
  /** How long an ending child may take before it is killed. */
  readonly endMs: number;
}

/** Runs until the signal; resolves when every child is gone. */
export async function supervise(
  plans: readonly ChildPlan[],
  supervision: Supervision,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(plans.map((plan) => keepAlive(plan, supervision, signal)));
}

async function keepAlive(plan: ChildPlan, supervision: Supervision, signal: AbortSignal): Promise<void> {
  const restMs = createRestarts(supervision);
  await repeat(signal, async () => {
    const startedAt = performance.now();
    const why = await liveOnce(plan, supervision.endMs, signal);
    if (signal.aborted) return null;
    const backInMs = restMs(performance.now() - startedAt);
    supervision.onExit(plan.name, why, backInMs);
    return backInMs;
  });
}

/** One life of a child; resolves with how it ended. */
async function liveOnce(
  { fork, orders, onWord }: ChildPlan,
  endMs: number,
  signal: AbortSignal,
): Promise<string> {
  let child: ChildProcess;
  try {
    child = fork();
  } catch (error) {
    // The machine has no memory for another process now. It may have some later.
    return String(error);
  }
  const gone = Promise.withResolvers<string>();
  if (onWord !== undefined) child.on('message', onWord);
  child.once('error', (error) => gone.resolve(error.message));
  const ended = (code: number | null, by: string | null) => gone.resolve(by ?? `exit code ${code}`);
  child.once('exit', ended);
  // One that waited may have ended meanwhile.
  if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode);
  // How it ends is told above.
  else child.send(orders, () => undefined);
  const end = () => void endChild(child, gone.promise, endMs);
  signal.addEventListener('abort', end, { once: true });
  const why = await gone.promise;
  signal.removeEventListener('abort', end);
  return why;
}

async function endChild(child: ChildProcess, gone: Promise<string>, endMs: number): Promise<void> {
  child.kill('SIGTERM');
  const late = await Promise.race([gone, sleep(endMs, null, { ref: false })]);
  if (late === null) child.kill('SIGKILL');
}

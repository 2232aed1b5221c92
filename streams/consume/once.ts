// A step that calls the outside world, its result kept beside the log: what a retry after a crash or an
// exception gets instead of a second call.

import { createHash } from 'node:crypto';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { EventLog } from '../contract/event-log.ts';
import { Fault } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import type { OutsideCall } from '../contract/task.ts';
import { untilDone } from './keep-trying.ts';

export interface OnceDeps<S extends StreamTypes> {
  readonly definition: Pick<StreamDefinition<S>, 'name'>;
  readonly log: EventLog<S>;
  readonly group: string;
  /** 0..1: spreads the tries after a loss. */
  readonly chance: () => number;
}

type Call<T> = (call: OutsideCall) => Promise<T>;

/** `Task.once` of one task. Steps of one name that run at the same time in it are one step. */
export function createOnce<S extends StreamTypes>(
  deps: OnceDeps<S>,
  { stream, signal }: { readonly stream: S['id']; readonly signal: AbortSignal },
) {
  const running = new Map<string, Promise<unknown>>();
  return <T>(name: string, call: Call<T>): Promise<T> => {
    const same = running.get(name);
    if (same !== undefined) return same as Promise<T>;
    const step = runOnce(deps, { stream, signal, name, call }).finally(() => running.delete(name));
    running.set(name, step);
    return step;
  };
}

interface Step<S extends StreamTypes, T> {
  readonly stream: S['id'];
  readonly signal: AbortSignal;
  readonly name: string;
  readonly call: Call<T>;
}

async function runOnce<S extends StreamTypes, T>(
  deps: OnceDeps<S>,
  { stream, signal, name, call }: Step<S, T>,
): Promise<T> {
  const { definition, log, group } = deps;
  signal.throwIfAborted();
  refuseName(name);
  const kept = `once:${JSON.stringify([group, name])}`;
  const [first, head] = await Promise.all([log.firstResult(stream, kept), log.head(stream)]);
  if (first !== null) return JSON.parse(first.note) as T;
  if (head === null) {
    const said = `step ${name} was not begun: there is no stream ${stream} to keep its result`;
    throw new Fault('no_such_stream', said, { retryable: false });
  }
  signal.throwIfAborted();
  // The epoch tells two lives of one id apart: what the first one paid, the second one has to pay again.
  const named = JSON.stringify([definition.name, stream, head.epoch, group, name]);
  const key = createHash('sha256').update(named).digest('hex');
  const note = noteOf(name, await call({ key, signal }));
  const result = JSON.parse(await keep(deps, { stream, signal, key: kept, note })) as T;
  signal.throwIfAborted();
  return result;
}

/**
 * Keeps a result, and gives what was kept first. It is kept although the time of the handler is over: the
 * call was made, and must not be made again. While the store is away it is tried until then.
 */
async function keep<S extends StreamTypes>(
  { log, chance }: OnceDeps<S>,
  { stream, signal, key, note }: Pick<Step<S, unknown>, 'stream' | 'signal'> & Record<'key' | 'note', string>,
): Promise<string> {
  const request = {
    stream,
    key,
    note,
    expect: { guards: [] },
    events: [],
    effects: { meta: [], timers: [] },
  };
  return untilDone(
    async () => {
      const outcome = await log.commit(request);
      if (outcome.status === 'ok') return note;
      if (outcome.status === 'dup') return outcome.note;
      const said = `the result of a step was not kept: stream ${stream} is gone`;
      throw new Fault('no_such_stream', said, { retryable: false });
    },
    { signal, chance },
  );
}

function refuseName(name: string): void {
  if (typeof name !== 'string') throw badName(`is a ${typeof name}`);
  if (name.length === 0 || name.length > limits.onceNameCharsMax) throw badName(`has ${name.length}`);
  if (!name.isWellFormed()) throw badName('has half a character');
}

const badName = (what: string): Fault => {
  const said = `the name of a step has 1 to ${limits.onceNameCharsMax} characters, this one ${what}`;
  return new Fault('bad_step_name', said, { retryable: false });
};

/** @throws Fault `unkeepable_result` for what is no JSON, or too much of it. */
function noteOf(name: string, result: unknown): string {
  const refuse = (why: string, cause?: unknown): never => {
    const said = `the step ${name} was done and its result cannot be kept: ${why}`;
    throw new Fault('unkeepable_result', said, { retryable: false, cause });
  };
  let text: string | undefined;
  try {
    text = JSON.stringify(result);
  } catch (cause) {
    return refuse(`it is no JSON (${String(cause)})`, cause);
  }
  // From here on it is known to be finite: a value that holds itself was refused above.
  const other = otherThanJson(result, 'it');
  if (text === undefined || other !== null) return refuse(other ?? 'it is no JSON');
  const bytes = Buffer.byteLength(text);
  if (bytes <= limits.onceResultBytesMax) return text;
  return refuse(
    `it has ${bytes} bytes, more than ${limits.onceResultBytesMax}; keep a reference to it instead`,
  );
}

/** Where a value would come back as another, in words; null for JSON. Absent and undefined fields are one. */
function otherThanJson(value: unknown, at: string): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${at} is ${value}, which is no JSON`;
  if (typeof value !== 'object') return `${at} is ${typeof value}, which is no JSON; give null for nothing`;
  if (Array.isArray(value)) {
    // Not `map`, which passes over the holes of an array.
    return firstOf(Array.from(value, (one, index) => () => otherThanJson(one, `${at}[${index}]`)));
  }
  const shape: unknown = Object.getPrototypeOf(value);
  if ((shape !== Object.prototype && shape !== null) || 'toJSON' in value) {
    return `${at} is no plain object, which is no JSON`;
  }
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return firstOf(
    fields.map(
      ([field, one]) =>
        () =>
          otherThanJson(one, `${at}.${field}`),
    ),
  );
}

function firstOf(looks: readonly (() => string | null)[]): string | null {
  for (const look of looks) {
    const found = look();
    if (found !== null) return found;
  }
  return null;
}

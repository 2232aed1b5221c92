// Dead letters: what could not be handled, with all that an operator needs to understand and to requeue it.
// Moving an entry here and acknowledging it is one step.

import { createHash } from 'node:crypto';
import type { StreamDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { type FeedEntry, pointedText, type Unreadable } from '../log/feed-entry.ts';
import type { Telemetry } from '../trace/telemetry.ts';
import type { Attempts } from './attempts.ts';
import { named, type Report } from './report.ts';

export interface DeadLetterDeps {
  /** What is asked of the kind of stream alone. */
  readonly definition: Pick<StreamDefinition, 'idField'>;
  readonly attempts: Attempts;
  readonly group: string;
  readonly consumer: string;
  /** The wall clock in ms. */
  readonly clock: () => number;
  readonly report: Report;
  readonly telemetry: Telemetry;
}

export type Reason = 'exceptions' | 'deaths' | 'unreadable' | 'not_retryable';

export interface Failure {
  readonly reason: Reason;
  readonly error: unknown;
  readonly starts: number;
  readonly exceptions: number;
  readonly entry: FeedEntry;
  /** ms, when this consumer first met it. */
  readonly firstAt: number;
}

/** Faults say themselves whether another try may help; anything else may be a passing state. */
export function isFinal(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === false;
}

/**
 * Makes a dead letter of an entry and reports it. A second run finds it gone.
 * @returns the id of the dead letter, or null if the entry was no longer ours.
 */
export async function deadLetter(deps: DeadLetterDeps, failure: Failure): Promise<string | null> {
  const { attempts, group, report, telemetry } = deps;
  const { entry, reason } = failure;
  const id = await attempts.deadLetter(entry.id, letterOf(deps, failure));
  if (id === null) return null;
  telemetry.meter.add('arena_buried_total', { group, reason });
  report('dead_lettered', {
    ...named(entry, group),
    reason,
    error: saidBy(failure.error),
    letter: id,
    list: attempts.list,
  });
  return id;
}

/** Makes a dead letter of what no version of this program known here has written. */
export async function deadLetterUnreadable(deps: DeadLetterDeps, entry: Unreadable): Promise<void> {
  const message = 'this feed entry was written by no version known here';
  const error = new Fault('unreadable_entry', message, { retryable: false });
  await deadLetter(deps, {
    reason: 'unreadable',
    error,
    starts: 0,
    exceptions: 0,
    entry,
    firstAt: deps.clock(),
  });
}

function letterOf(
  { definition, group, consumer, clock }: DeadLetterDeps,
  failure: Failure,
): Record<string, string> {
  const { reason, error, starts, exceptions, entry, firstAt } = failure;
  const known = describe(error);
  const what = 'unreadable' in entry ? null : entry.what;
  return {
    reason,
    errorClass: known.name,
    message: known.message.slice(0, limits.stackCharsMax),
    stack: known.stack.slice(0, limits.stackCharsMax),
    fingerprint: fingerprint(group, 'unreadable' in entry ? '' : entry.stream, known),
    starts: String(starts),
    exceptions: String(exceptions),
    firstAt: String(firstAt),
    lastAt: String(clock()),
    group,
    consumer,
    entry: entry.id,
    [definition.idField]: 'unreadable' in entry ? '' : entry.stream,
    pointer: 'unreadable' in entry ? entry.unreadable : pointedText(entry.what),
    traceparent: what?.kind === 'events' ? what.traceparent : '',
    requeues: 'unreadable' in entry ? '0' : String(entry.requeues),
  };
}

type Described = Readonly<Record<'name' | 'message' | 'stack', string>>;

/** What a handler threw, as short as a line may be. Never throws. */
export function saidBy(error: unknown): string {
  const { name, message } = describe(error);
  return `${name}: ${message}`.slice(0, limits.failureCharsMax);
}

/** Never throws, whatever was thrown: agents of one's own throw what they like. */
function describe(error: unknown): Described {
  const text = (value: unknown): string => {
    try {
      return typeof value === 'string' ? value : String(value);
    } catch {
      return 'something that cannot be told';
    }
  };
  if (!(error instanceof Error)) return { name: 'Error', message: text(error), stack: '' };
  return { name: text(error.name), message: text(error.message), stack: text(error.stack ?? '') };
}

/** Equal for failures of one kind: the stream, ids and numbers in the message do not count. */
function fingerprint(group: string, stream: string, { name, message, stack }: Described): string {
  const anyStream = stream === '' ? message : message.replaceAll(stream, '#');
  const shape = anyStream.replace(/[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8,}|\d+/g, '#');
  const place = stack.split('\n').find((line) => line.trimStart().startsWith('at ')) ?? '';
  const where = place.replace(/^.*\/((?:core|streams|agents|projections|server)\/)/, '$1');
  return createHash('sha256').update([group, name, shape, where].join('\n')).digest('hex').slice(0, 12);
}

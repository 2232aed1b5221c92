// What a commit may ask of a log, looked at before anything is written: in the log on Valkey before it is
// sent, in the log in memory likewise. What stands in one part of a commit must never be written without the
// rest of it.

import type { Effects, Guard, MetaChange, TimerChange } from './effects.ts';
import type { CommitRequest } from './event-log.ts';
import { Fault } from './fault.ts';
import { limits } from './limits.ts';
import { isReservedField } from './reserved.ts';

/** How a counted field looks; `commit.lua` knows it, too. */
const count = /^-?\d{1,14}$/;

/** @throws Fault `unfit_commit` that names the first thing which no log can keep, and its value. */
export function refuseUnfit(request: CommitRequest): void {
  const { stream, key, note, intent, expect, events, effects, settles, secrets } = request;
  const wrong = new Refusing(stream);
  refuseUnfitDecision(stream, { events, key, note });
  if (intent !== undefined) {
    wrong.unlessName('the key of its intent', intent.key, limits.keyCharsMax);
    wrong.unlessText('the content of its intent', intent.content, limits.noteCharsMax);
  }
  if (typeof expect === 'object' && 'guards' in expect) refuseGuards(wrong, expect.guards);
  else if (typeof expect === 'object' && typeof expect.epoch === 'string') {
    wrong.unlessName('the epoch that it expects', expect.epoch);
  }
  refuseEffects(wrong, effects);
  refuseCount(wrong, request.count, effects.meta);
  if (secrets !== undefined) refuseSecrets(wrong, secrets);
  if (settles === undefined) return;
  wrong.unlessName('the group that it acknowledges for', settles.group);
  if (/^\d{1,19}-\d{1,19}$/.test(settles.entryId)) return;
  wrong.refuse('the entry that it acknowledges', settles.entryId, 'the id of an entry of the feed');
}

/**
 * The same for commits in order, each of which counts only behind the one before it: those up to the first
 * that no log can keep there, and why that one cannot be kept.
 */
export function fitInOrder<R extends CommitRequest>(
  requests: readonly R[],
): { readonly fit: readonly R[]; readonly unfit?: unknown } {
  const fit: R[] = [];
  try {
    for (const request of requests) {
      refuseUnfit(request);
      const [first] = fit;
      if (first !== undefined) refuseUnfitBehind(request, first.stream);
      fit.push(request);
    }
    return { fit };
  } catch (unfit) {
    return { fit, unfit };
  }
}

/** What the one before it leaves is told by a turn; nothing else is known of it when both are sent. */
function refuseUnfitBehind({ stream, expect }: CommitRequest, first: string): void {
  const wrong = new Refusing(stream);
  if (stream !== first) wrong.refuse('its stream behind another commit', stream, 'the same one');
  if (expect !== 'new' && 'turn' in expect && expect.rev === undefined) return;
  wrong.refuse('what it expects behind another commit', expect, 'a turn alone');
}

/** The same for what `decide` gives beside effects, before its events are looked at one by one. */
export function refuseUnfitDecision(
  stream: string,
  { events, key, note }: { events: readonly unknown[]; key: unknown; note: unknown },
): void {
  const wrong = new Refusing(stream);
  wrong.unlessFew('events', events, limits.eventsPerCommitMax);
  if (key !== null) wrong.unlessName('its key', key, limits.keyCharsMax);
  if (note !== undefined) wrong.unlessText('its note', note, limits.noteCharsMax);
}

/**
 * The number in a field that a commit counts up.
 * @throws Fault `unfit_commit` for a field that has none.
 */
export function countIn(stream: string, field: string, value: string): number {
  if (count.test(value)) return Number(value);
  return new Refusing(stream).refuse(
    `the counted field ${field}`,
    value,
    'a whole number of at most 14 digits',
  );
}

function refuseGuards(wrong: Refusing, guards: readonly Guard[]): void {
  wrong.unlessFew('guards', guards, limits.guardsPerCommitMax);
  for (const guard of guards) {
    wrong.unlessName('the field of a guard', guard.field);
    wrong.unlessName('the code of the guard on ', guard.else, limits.fieldCharsMax, guard.field);
    if ('equals' in guard) {
      wrong.unlessText('what is to equal the field ', guard.equals, limits.fieldCharsMax, guard.field);
    }
    if ('lessThanField' in guard)
      wrong.unlessName(
        'the field that is held against ',
        guard.lessThanField,
        limits.fieldCharsMax,
        guard.field,
      );
  }
}

function refuseSecrets(wrong: Refusing, secrets: NonNullable<CommitRequest['secrets']>): void {
  const owners = Object.entries(secrets);
  wrong.unlessFew('secrets', owners, limits.changesPerCommitMax);
  for (const [hash, owner] of owners) {
    wrong.unlessName('the hash of a secret', hash);
    if (owner !== null) wrong.unlessName('the owner of a secret', owner);
  }
}

function refuseEffects(wrong: Refusing, { meta, timers }: Effects): void {
  wrong.unlessFew('changes of meta', meta, limits.changesPerCommitMax);
  wrong.unlessFew('timers', timers, limits.changesPerCommitMax);
  for (const change of meta) refuseMeta(wrong, change);
  for (const timer of timers) refuseTimer(wrong, timer);
}

function refuseMeta(wrong: Refusing, change: MetaChange): void {
  const field = 'drop' in change ? change.drop : change.set;
  wrong.unlessName('a field of meta', field);
  if (isReservedField(field)) wrong.refuse('a field of meta', field, "none of the engine's own");
  if ('drop' in change || 'rev' in change) return;
  if ('inMs' in change) wrong.unlessMs('inMs of the field ', field, change.inMs, limits.timerMsMax);
  else wrong.unlessText('the field ', change.value, limits.noteCharsMax, field);
}

function refuseTimer(wrong: Refusing, timer: TimerChange): void {
  const name = 'cancel' in timer ? timer.cancel : timer.set;
  wrong.unlessName('the name of a timer', name, limits.timerNameCharsMax);
  if ('cancel' in timer) return;
  if ('at' in timer) wrong.unlessMs('at of the timer ', name, timer.at, limits.momentMsMax);
  else wrong.unlessMs('inMs of the timer ', name, timer.inMs, limits.timerMsMax);
}

function refuseCount(wrong: Refusing, field: string | undefined, meta: readonly MetaChange[]): void {
  if (field === undefined) return;
  wrong.unlessName('the counted field', field);
  const changed = meta.some((change) => ('drop' in change ? change.drop : change.set) === field);
  if (!changed && !isReservedField(field)) return;
  wrong.refuse('the counted field', field, "neither the engine's own nor changed by the same commit");
}

/** What is looked at is called by `what`, and by what it belongs to where that has to be told, too. */
class Refusing {
  readonly #stream: string;

  constructor(stream: string) {
    this.#stream = stream;
  }

  /** `must`: what it has to be. */
  refuse(what: string, value: unknown, must: string): never {
    const said = `a commit to ${this.#stream} is refused: ${what} is ${told(value)}; it has to be ${must}`;
    throw new Fault('unfit_commit', said, { retryable: false });
  }

  unlessMs(what: string, of: string, value: unknown, max: number): void {
    if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max) return;
    this.refuse(what + of, value, `a whole number of milliseconds from 0 to ${max}`);
  }

  unlessText(what: string, value: unknown, max: number = limits.fieldCharsMax, of = ''): void {
    if (typeof value === 'string' && value.length <= max && value.isWellFormed()) return;
    this.refuse(what + of, value, `a text of at most ${max} characters`);
  }

  unlessName(what: string, value: unknown, max: number = limits.fieldCharsMax, of = ''): void {
    if (typeof value === 'string' && value !== '' && value.length <= max && value.isWellFormed()) return;
    this.refuse(what + of, value, `a text of 1 to ${max} characters`);
  }

  unlessFew(what: string, list: readonly unknown[], max: number): void {
    if (!Array.isArray(list)) this.refuse(`its list of ${what}`, list, 'a list');
    if (list.length > max) this.refuse(`its number of ${what}`, list.length, `at most ${max}`);
  }
}

/** A value in a few words. Never throws. */
function told(value: unknown): string {
  if (typeof value !== 'string') return typeof value === 'object' && value ? 'an object' : String(value);
  return value.length > 60
    ? `${JSON.stringify(`${value.slice(0, 60)}…`)} (${value.length} characters)`
    : JSON.stringify(value);
}

// Judges what clients of an example were told against the raw logs: what was acknowledged is there once
// and as it was told, what was refused is not there, nothing is there twice, and no read goes back.

import type { RawEvent, RawLogs } from '../raw-log.ts';
import type { Attempt } from './clients.ts';

export interface Found {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly disorder: readonly string[];
}

/** `writes`: the event that each command writes. */
export function judgeAttempts(
  logs: RawLogs,
  history: readonly Attempt[],
  writes: Readonly<Record<string, string>>,
): Found {
  const lost: string[] = [];
  const doubled: string[] = [];
  const disorder: string[] = [];
  for (const [stream, attempts] of Map.groupBy(history, (attempt) => attempt.stream)) {
    const log = logs.get(stream) ?? [];
    for (const [key, own] of Map.groupBy(commandsOf(attempts), (attempt) => attempt.key)) {
      const found = judgeCommand(own, log, writes);
      const said = (what: string) => `${stream} ${key}: ${what}`;
      lost.push(...found.lost.map(said));
      doubled.push(...found.doubled.map(said));
      disorder.push(...found.disorder.map(said));
    }
    disorder.push(...goneBack(stream, attempts));
    for (const { reply } of attempts) {
      if ((reply?.rev ?? 0) <= log.length) continue;
      lost.push(`${stream}: revision ${reply?.rev} was told, and is not there`);
    }
  }
  return { lost, doubled, disorder };
}

const commandsOf = (attempts: readonly Attempt[]) => attempts.filter(({ command }) => command !== null);

/** All sendings of one command under one key. */
function judgeCommand(
  attempts: readonly Attempt[],
  log: readonly RawEvent[],
  writes: Readonly<Record<string, string>>,
): Found {
  const { type, ...data } = attempts[0]?.command ?? {};
  const wanted = writes[String(type)];
  const written = log.filter((event) => event.type === wanted && holds(event, data));
  const of = (...statuses: readonly string[]) =>
    attempts.filter(({ reply }) => reply !== null && statuses.includes(reply.status));
  const lost: string[] = [];
  const doubled: string[] = [];
  const disorder: string[] = [];
  const done = of('done');
  for (const { reply } of done) {
    for (const { rev, type: told, data: toldData } of reply?.events ?? []) {
      const there = log[rev - 1];
      if (there?.type !== told || !holds(there, toldData)) {
        lost.push(`${told} was acknowledged at ${rev}, where ${there?.type ?? 'nothing'} stands`);
      }
    }
  }
  if (done.length > 1) doubled.push(`it was told to be done ${done.length} times`);
  if (written.length > 1) doubled.push(`${wanted} stands there ${written.length} times`);
  if (done.length > 0 && written.length === 0) lost.push('it was acknowledged and is not there');
  // What nobody answered may be there or not. What was answered in all its sendings has to be as told.
  const isKnown = attempts.every(({ outcome }) => outcome !== 'unknown');
  const didNothing = isKnown && done.length === 0;
  if (didNothing && written.length > 0) disorder.push(`it was told to do nothing, and ${wanted} is there`);
  if (done.length > 0 && of('stale', 'nothing').length > 0) {
    disorder.push('it was told to be done, and to have found nothing to do');
  }
  return { lost, doubled, disorder };
}

const holds = ({ data }: RawEvent, wanted: object): boolean =>
  Object.entries(wanted).every(([name, value]) => JSON.stringify(data[name]) === JSON.stringify(value));

/** A read gives no less than what was told before it was asked for. */
function goneBack(stream: string, attempts: readonly Attempt[]): string[] {
  const found: string[] = [];
  const told = attempts
    .flatMap(({ endedMs, reply }) => (reply === null ? [] : [{ endedMs, rev: revOf(reply) }]))
    .sort((one, other) => one.endedMs - other.endedMs);
  for (const { sentMs, reply } of attempts) {
    if (reply === null || reply.status !== 'state') continue;
    const known = Math.max(0, ...told.filter(({ endedMs }) => endedMs <= sentMs).map(({ rev }) => rev));
    if (reply.rev < known)
      found.push(`${stream}: revision ${known} was told, and ${reply.rev} read after it`);
  }
  return found;
}

const revOf = ({ rev, events }: NonNullable<Attempt['reply']>): number =>
  Math.max(rev, ...events.map((event) => event.rev));

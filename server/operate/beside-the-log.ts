// What every commit left beside the log, worked out from the events alone: the fields that guards look at,
// the timers that are set, and the idempotency keys with their first results.

import { effectsOf } from '../../core/effects.ts';
import type { RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import type { MetaChange, TimerChange } from '../../core/ports.ts';
import type { Folded } from '../../streams/engine.ts';
import { fold, unfolded } from '../../streams/parts.ts';

export interface BesideTheLog {
  readonly meta: ReadonlyMap<string, string>;
  /** Names and moments in ms. */
  readonly timers: ReadonlyMap<string, number>;
  readonly done: ReadonlyMap<string, string>;
  readonly folded: Folded<Game>;
}

export function besideTheLog(events: readonly RecordedEvent[]): BesideTheLog {
  const meta = new Map<string, string>();
  const timers = new Map<string, number>();
  const done = new Map<string, string>();
  let folded: Folded<Game> = unfolded(game);
  for (const event of events) {
    const effects = effectsOf(event, folded.state);
    for (const change of effects.meta) changeMeta(meta, change, event);
    for (const change of effects.timers) changeTimer(timers, change, event.at);
    if (event.type === 'ANSWER_SUBMITTED')
      meta.set('answered', String(Number(meta.get('answered') ?? 0) + 1));
    // One commit may write several events under its key; its result is the last of them.
    const first = `${event.rev}-${event.at}`;
    if (event.key !== null) done.set(event.key, `${first}-${noteOf(event)}`);
    if (event.intent !== undefined) done.set(event.intent.key, `${first}-${event.intent.content}`);
    folded = fold(game, folded, [event]);
  }
  const { rev, turn, at, epoch } = folded;
  for (const [field, value] of Object.entries({ rev, turn, at, epoch: epoch ?? '' }))
    meta.set(field, String(value));
  return { meta, timers, done, folded };
}

function changeMeta(meta: Map<string, string>, change: MetaChange, { rev, at }: RecordedEvent): void {
  if ('drop' in change) meta.delete(change.drop);
  else if ('inMs' in change) meta.set(change.set, String(at + change.inMs));
  else meta.set(change.set, 'rev' in change ? String(rev) : change.value);
}

function changeTimer(timers: Map<string, number>, change: TimerChange, at: number): void {
  if ('cancel' in change) timers.delete(change.cancel);
  else timers.set(change.set, 'at' in change ? change.at : at + change.inMs);
}

/** What a repeat of the request is answered with. */
function noteOf({ type, data }: RecordedEvent): string {
  if (type === 'PLAYER_JOINED') return data.playerId;
  return type === 'ANSWER_SUBMITTED' ? data.answer : '';
}

// A room in memory whose claims are being prepared, for tests of the thinking agents: it decides and folds by
// the rules of the core, and hands out tasks as a consumer would.

import { ulid } from 'ulid';
import { decide } from '../../core/decide.ts';
import { type EventType, eventData, type NewEvent, type RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import { CycleId, Epoch, PlayerId, RoomCode } from '../../core/ids.ts';
import { defaultSettings } from '../../core/settings.ts';
import type { Preparation, Room } from '../../core/state.ts';
import type { Handled, Task } from '../../streams/contract/task.ts';
import { type Folded, fold, unfolded } from '../../streams/handle/fold.ts';
import { openWorld } from './world.ts';

const room = RoomCode.parse('ABCDEF');
const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;

export interface ThinkingRoom {
  readonly events: readonly RecordedEvent[];
  /** What agents wrote with `last`, in order: the entries they acknowledged in the same commit. */
  readonly acknowledged: readonly RecordedEvent['type'][];
  state(): Room;
  /** The one claim that is being prepared. */
  preparation(): Preparation;
  /** Starts the cycle anew, so that all work for the one before is stale. */
  giveUpCycle(): void;
  /** A task for the newest event of the type. */
  task(type: EventType, signal?: AbortSignal): Task<Game>;
}

type Make = Parameters<Task<Game>['submit']>[0];

/** A room with one claim requested: a START_ROUND about the topic. */
export function thinkingRoom(topic = 'Numbers', { stageMs = 60_000, startedAt = 1_000 } = {}): ThinkingRoom {
  const events: RecordedEvent[] = [];
  const acknowledged: RecordedEvent['type'][] = [];
  let folded: Folded<Game> = unfolded(game);

  const record = (news: readonly NewEvent[]): RecordedEvent[] => {
    const written = news.map((event, index) => ({
      ...event,
      ...{ id: ulid(), v: 1, room, by: 'server', causationId: null, key: null, traceparent },
      ...{ rev: events.length + index + 1, at: startedAt },
    })) as RecordedEvent[];
    // What is written must be readable: limits of texts and lists included.
    for (const { type, data } of written) eventData[type].parse(data);
    events.push(...written);
    folded = fold(game, folded, written);
    return written;
  };

  const submit = async (make: Make): Promise<Handled<Game>> => {
    const decision = decide(await make(folded), folded.state);
    if ('stale' in decision) return { status: 'stale', folded };
    if ('rejected' in decision) return { status: 'rejected', code: decision.rejected, detail: null };
    if (decision.events.length === 0) return { status: 'nothing', folded };
    return { status: 'done', events: record(decision.events), folded };
  };

  const pace = { leadMs: 0, intermissionMs: 0, stageMs, claimsAhead: 1 };
  for (const command of [
    { type: 'createRoom', epoch: Epoch.parse(ulid()), settings: { ...defaultSettings, topic }, pace },
    { type: 'joinPlayer', playerId: PlayerId.parse(ulid()), name: 'Ada', nonceHash: 'Ada' },
    { type: 'advance', world: openWorld(startedAt) },
  ] as const) {
    const decision = decide(command, folded.state);
    if ('events' in decision) record(decision.events);
  }

  return {
    events,
    acknowledged,
    state: () => roomOf(folded),
    preparation() {
      const [preparation] = roomOf(folded).preparing;
      if (preparation === undefined) throw new Error('nothing is being prepared');
      return preparation;
    },
    giveUpCycle() {
      const started = events.find((event) => event.type === 'START_ROUND');
      if (started !== undefined) record([{ ...started, cycleId: CycleId.parse(ulid()) } as NewEvent]);
    },
    task: (type, signal = new AbortController().signal) => ({
      stream: room,
      entry: '1-0',
      events: events.filter((event) => event.type === type).slice(-1),
      ...{ timer: null, attempt: 1 },
      signal,
      load: async () => folded,
      now: async () => startedAt,
      since: async (fromRev) => events.filter((event) => event.rev >= fromRev),
      once: (_name, call) => call({ key: '0'.repeat(64), signal }),
      async submit(make, options) {
        signal.throwIfAborted();
        const handled = await submit(make);
        if (options?.last === true && handled.status === 'done') {
          acknowledged.push(...handled.events.map((event) => event.type));
        }
        return handled;
      },
    }),
  };
}

function roomOf({ state }: Folded<Game>): Room {
  if (state.phase === 'none') throw new Error('there is no room');
  return state;
}

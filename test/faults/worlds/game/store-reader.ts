// What the judge of the game reads in Valkey, past all code of ours: the raw logs, the boards, and what is
// left over when all is done.

import type { RecordedEvent } from '../../../../core/events.ts';
import { openRaw, type Reply } from '../../raw-client.ts';
import { brokenIn, leftOf, type RawEvent, readLogs } from '../../raw-log.ts';

type Board = Readonly<Record<string, unknown>>;

export interface StoreRead {
  readonly logs: ReadonlyMap<string, readonly RecordedEvent[]>;
  /** By room; of those that have one. */
  readonly boards: ReadonlyMap<string, Board>;
  /** A log that is broken as a log; what should not be there when all has drained. */
  readonly problems: readonly string[];
}

/** What has not been taken, or not been finished; empty once all is done. */
export const stillToDo = (url: string): Promise<string[]> => leftOf(url, 'game');

/** `groups`: of the feed, each with one process behind it. */
export async function readStore(url: string, groups: readonly string[]): Promise<StoreRead> {
  const raw = await readLogs(url, 'game');
  const client = await openRaw(Number(new URL(url).port));
  try {
    const boards = new Map<string, Board>();
    for (const room of raw.keys()) {
      const text = await client.ask('GET', `game:leaderboard:${room}`);
      if (text !== null) boards.set(room, JSON.parse(String(text)));
    }
    const attempts = (await client.ask('HGETALL', 'game:attempts')) as readonly string[];
    const infos = (await client.ask('XINFO', 'GROUPS', 'game:feed')) as readonly (readonly Reply[])[];
    const consumersOf = (group: string) => {
      const info = infos.find((one) => one[one.indexOf('name') + 1] === group) ?? [];
      return Number(info[info.indexOf('consumers') + 1]);
    };
    return {
      logs: new Map([...raw].map(([room, events]) => [room, events.map(eventOf)])),
      boards,
      problems: [
        ...[...raw].flatMap(([room, events]) => brokenIn(room, events)),
        ...(await leftOf(url, 'game')),
        ...(attempts.length === 0 ? [] : [`attempts are kept: ${attempts.join(' ')}`]),
        ...groups
          .filter((group) => consumersOf(group) !== 1)
          .map((group) => `${group} has ${consumersOf(group)} consumers for one process`),
      ],
    };
  } finally {
    client.close();
  }
}

function eventOf({ id, at, type, text }: RawEvent): RecordedEvent {
  return { ...JSON.parse(text), rev: Number(id.split('-')[0]), at: Number(at), type };
}

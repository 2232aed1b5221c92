// Claims that players reported, for an operator to judge. A room's line in the list says whether there are
// any, so that no other log is read; of a log that is read, only the few entries that matter are decoded.

import type { RecordedEvent } from '../../core/events.ts';
import type { RoomCode, RoundId } from '../../core/ids.ts';
import { rawEntries } from '../../streams/admin.ts';
import { gameCodec } from '../wiring/game-stream.ts';
import type { Operator } from './operator.ts';
import { forEachRoom, type LeftOut, listRooms } from './room-list.ts';

export interface ReportedClaim {
  readonly room: RoomCode;
  readonly roundId: RoundId;
  /** Its number in its game. */
  readonly round: number;
  /** In the room's last game, where its number alone names it. */
  readonly inLastGame: boolean;
  readonly question: string;
  /** What players said, the first one first. Anybody's text. */
  readonly reasons: readonly string[];
  /** The last report, in ms. */
  readonly at: number;
  /** It was taken back. */
  readonly retracted: boolean;
}

export interface Reports {
  /** Those reported last first. */
  readonly claims: readonly ReportedClaim[];
  readonly leftOut: readonly LeftOut[];
}

type Store = Pick<Operator, 'connection' | 'keys'>;

export async function reportedClaims(operator: Store): Promise<Reports> {
  const rooms = (await listRooms(operator)).filter(({ reports }) => reports !== 0);
  const claims: ReportedClaim[] = [];
  const codes = rooms.map(({ room }) => room);
  const leftOut = await forEachRoom(codes, async (room) => {
    claims.push(...claimsOf(room, await tellingEvents(operator, room)));
  });
  return { claims: claims.sort((a, b) => b.at - a.at), leftOut };
}

const telling: ReadonlySet<string> = new Set([
  'GAME_START',
  'NEW_QUESTION',
  'CLAIM_REPORTED',
  'ROUND_VOIDED',
] satisfies RecordedEvent['type'][]);

async function tellingEvents({ connection, keys }: Store, room: RoomCode): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const entry of rawEntries(connection, keys.of(room).log)) {
    if (telling.has(entry.type)) events.push(gameCodec.decode(entry));
  }
  return events;
}

function claimsOf(room: RoomCode, events: readonly RecordedEvent[]): ReportedClaim[] {
  const last = events.findLast(({ type }) => type === 'GAME_START')?.game;
  const rounds = Map.groupBy(events, ({ roundId }) => roundId);
  return [...rounds].flatMap(([roundId, about]) => {
    const asked = about.find((event) => event.type === 'NEW_QUESTION');
    const reports = about.filter((event) => event.type === 'CLAIM_REPORTED');
    const at = reports.at(-1)?.at;
    if (roundId === null || asked === undefined || at === undefined) return [];
    return {
      room,
      roundId,
      round: asked.round ?? 0,
      inLastGame: asked.game === last,
      question: asked.data.question,
      reasons: reports.map(({ data }) => data.reason),
      at,
      retracted: about.some(({ type }) => type === 'ROUND_VOIDED'),
    };
  });
}

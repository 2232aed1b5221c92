// What every request handler is given: the parts of the server it may use, and who asks.

import type { World } from '../../core/commands.ts';
import type { Game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import type { Secrets } from '../../core/ports.ts';
import type { Context, Folded } from '../../streams/engine.ts';
import type { CommandHandler, EventLog, Tracer } from '../../streams/parts.ts';
import { newTraceparent } from '../../streams/parts.ts';
import type { Member } from '../fan-out/audience.ts';
import type { Hub } from '../fan-out/hub.ts';
import type { Hubs } from '../fan-out/hubs.ts';
import type { Unentered } from '../rooms/unentered.ts';
import type { ArenaTelemetry } from '../telemetry/instruments.ts';
import type { AddressLimits } from './budgets.ts';
import type { Traffic } from './traffic.ts';

export interface LiveDeps {
  readonly rooms: CommandHandler<Game>;
  readonly log: EventLog<Game>;
  readonly secrets: Secrets;
  readonly hubs: Hubs;
  readonly addresses: AddressLimits;
  /** Told of rooms that a player or a host comes to. */
  readonly unentered: Pick<Unentered, 'entered'>;
  /** The world as a game master finds it, for a host who goes on by hand. */
  readonly worldFor: (room: RoomCode, folded: Folded<Game>) => Promise<World>;
  /** Counted as it goes. */
  readonly traffic: Traffic;
  readonly telemetry: ArenaTelemetry;
  /** The log's clock in ms, as this process knows it. */
  readonly serverTime: () => number;
  /** A steady clock in ms. */
  readonly clock: () => number;
  /** Told of each request and reply, for the debug log; never of what is in them. */
  readonly note: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  /** Told of what is thrown and is no loss of the store. */
  readonly bug: (error: unknown) => void;
}

/** A connection that has joined. */
export interface Session {
  readonly room: RoomCode;
  readonly hub: Hub;
  readonly member: Member;
  /** Names this connection in keys of requests that may be sent again. */
  readonly id: string;
}

/** Each request from outside is a trace of its own. */
export function requestContext(
  { current }: Pick<Tracer, 'current'>,
  more: Pick<Context<Game>, 'secrets' | 'intent'> = {},
): Context<Game> {
  return { by: 'server', traceparent: current() ?? newTraceparent(), ...more };
}

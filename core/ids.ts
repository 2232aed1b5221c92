// Names of things, as branded strings: a room code cannot be passed where a round id is meant. Parsed at the
// border, trusted inside. Ids are made at the edge of the system (never here) and kept in events.

import { z } from 'zod';
import { limits } from './limits.ts';

/** Letters and digits that are not confused when a screen is read aloud: no 0 O 1 I. */
export const roomCodeAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Six characters of the alphabet, upper case; input in any case. */
export const RoomCode = z
  .string()
  .max(limits.roomCodeChars * 4)
  .transform((text) => text.trim().toUpperCase())
  .pipe(z.string().regex(new RegExp(`^[${roomCodeAlphabet}]{${limits.roomCodeChars}}$`)))
  .brand<'RoomCode'>();
export type RoomCode = z.infer<typeof RoomCode>;

const ulid = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
export const GameId = ulid.brand<'GameId'>();
export type GameId = z.infer<typeof GameId>;
export const RoundId = ulid.brand<'RoundId'>();
export type RoundId = z.infer<typeof RoundId>;
export const CycleId = ulid.brand<'CycleId'>();
export type CycleId = z.infer<typeof CycleId>;
export const PlayerId = ulid.brand<'PlayerId'>();
export type PlayerId = z.infer<typeof PlayerId>;
export const Epoch = ulid.brand<'Epoch'>();
export type Epoch = z.infer<typeof Epoch>;

// Makes a room for a player or bots in the terminal, over HTTP like any other client.

import type { SettingsChange } from '../../../core/settings.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import { askForRoom } from '../../web/client/new-room.ts';
import type { MadeRoom } from '../../web/client/wire.ts';

/**
 * `difficulty` as it was typed: the server says what there is. `trial`: for players that are programs, who
 * belong on no board.
 */
export type RoomWish = Omit<SettingsChange, 'difficulty'> & {
  readonly difficulty?: string;
  readonly trial: boolean;
};

/** @throws CannotStart when no server answers at `site`, or when it refuses, with its own words. */
export async function makeRoom(site: string, wish: RoomWish): Promise<MadeRoom> {
  const made = await askForRoom(site.replace(/\/$/, ''), wish).catch((cause: unknown) => {
    throw new CannotStart(
      `No server answers at ${site}. Start one with "npm start", or name another with --url.`,
      { cause },
    );
  });
  if ('err' in made) throw new CannotStart(made.err.message);
  return made;
}

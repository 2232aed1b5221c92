// A room for somebody in the terminal, made as any other client makes one.

import type { SettingsChange } from '../../../core/settings.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import { askForRoom, type Made } from '../../web/client/new-room.ts';

/** `trial`: for players that are programs, who belong on no board. */
export type RoomWish = SettingsChange & { readonly trial: boolean };

/** @throws CannotStart when no server answers at `site`, or when it refuses, with its own words. */
export async function makeRoom(site: string, wish: RoomWish): Promise<Made> {
  const made = await askForRoom(site.replace(/\/$/, ''), wish).catch((cause: unknown) => {
    throw new CannotStart(
      `No server answers at ${site}. Start one with "npm start", or name another with --url.`,
      { cause },
    );
  });
  if ('err' in made) throw new CannotStart(made.err.message);
  return made;
}

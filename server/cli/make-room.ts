// A room for somebody in the terminal, made as any other client makes one.

import type { SettingsChange } from '../../core/settings.ts';
import { CannotStart } from '../cannot-start.ts';

/** `trial`: for players that are programs, who belong on no board. */
export type RoomWish = SettingsChange & { readonly trial: boolean };

export interface Made {
  readonly room: string;
  readonly hostToken: string;
  readonly joinUrl: string;
}

/** @throws CannotStart when no server answers at `site`, or when it refuses, with its own words. */
export async function makeRoom(site: string, wish: RoomWish): Promise<Made> {
  const reply = await fetch(`${site.replace(/\/$/, '')}/api/rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  }).catch((cause: unknown) => {
    throw new CannotStart(
      `No server answers at ${site}. Start one with "npm start", or name another with --url.`,
      { cause },
    );
  });
  const made = (await reply.json()) as Made & { err?: { message: string } };
  if (reply.status === 201) return made;
  throw new CannotStart(made.err?.message ?? `The server answered ${reply.status}.`);
}

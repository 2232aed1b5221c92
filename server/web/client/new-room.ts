// A room for whoever asks, over HTTP. Sent again where the reply was lost, under one nonce: one room is made,
// however often that happens. Used by the page and by the terminal.

import { randomNonce } from './identity.ts';
import type { Failure, MadeRoom } from './wire.ts';

type Made = MadeRoom | { readonly err: Failure };

const triesMax = 3;
const againMs = 300;
// A wish whose end is not known keeps its nonce: wished again, it is the same room.
const unsure = new Map<string, string>();

/** `site` without a slash at its end. Throws what `fetch` throws when no server can be reached. */
export async function askForRoom(site: string, settings: object): Promise<Made> {
  const wish = `${site} ${JSON.stringify(settings)}`;
  const nonce = unsure.get(wish) ?? randomNonce();
  unsure.delete(wish);
  for (let tries = 1; ; tries++) {
    try {
      const made = await post(site, { ...settings, nonce });
      if (!('err' in made) || made.err.code !== 'unavailable') return made;
      if (tries >= triesMax) {
        unsure.set(wish, nonce);
        return made;
      }
    } catch (error) {
      if (tries >= triesMax) {
        unsure.set(wish, nonce);
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

async function post(site: string, body: object): Promise<Made> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${site}/api/rooms`, { method: 'POST', headers, body: JSON.stringify(body) });
  return JSON.parse(await reply.text());
}

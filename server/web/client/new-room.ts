// Asks for a new room, over HTTP. Sent again where the reply was lost, under one nonce: one room is made,
// however often that happens. Used by the page and by the terminal.

import { askUntil } from './again.ts';
import { randomNonce } from './identity.ts';
import type { Failure, MadeRoom } from './wire.ts';

type Made = MadeRoom | { readonly err: Failure };
type Posted = { readonly made: Made } | { readonly thrown: unknown };

const triesMax = 3;
const away: Failure['code'] = 'unavailable';
// A wish whose end is not known keeps its nonce: wished again, it is the same room.
const unsure = new Map<string, string>();

/** `site` without a slash at its end. Throws what `fetch` throws when no server can be reached. */
export async function askForRoom(site: string, settings: object): Promise<Made> {
  const wish = `${site} ${JSON.stringify(settings)}`;
  const nonce = unsure.get(wish) ?? randomNonce();
  unsure.delete(wish);
  const isSure = (reply: Posted) => 'made' in reply && !('err' in reply.made && reply.made.err.code === away);
  const reply = await askUntil(
    () =>
      post(site, { ...settings, nonce }).then(
        (made): Posted => ({ made }),
        (thrown: unknown): Posted => ({ thrown }),
      ),
    (said, tries) => isSure(said) || tries >= triesMax,
  );
  if (!isSure(reply)) unsure.set(wish, nonce);
  if ('thrown' in reply) throw reply.thrown;
  return reply.made;
}

async function post(site: string, body: object): Promise<Made> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${site}/api/rooms`, { method: 'POST', headers, body: JSON.stringify(body) });
  return JSON.parse(await reply.text());
}

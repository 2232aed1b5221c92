// One player object per room and role, for as long as a screen shows it.

import { useEffect, useState } from 'preact/hooks';
import type { Role } from '../../core/protocol.ts';
import { cueBetween } from './client/cue.ts';
import { createIdentities, type Identities, randomNonce } from './client/identity.ts';
import { openPlayer, type Player, type View } from './client/player.ts';
import { emptyScreen } from './client/reducer.ts';
import { play } from './sound.ts';

export const identities: Identities = createIdentities(localStorage, randomNonce);

export interface Connected {
  readonly player: Player;
  readonly view: View;
}

/** Null until the first look; changing room or role begins anew. */
export function useRoom(room: string, role: Role): Connected | null {
  const [connected, setConnected] = useState<Connected | null>(null);
  useEffect(() => {
    const url = new URL('/ws', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    let screen = emptyScreen;
    const onChange = (view: View) => {
      const cue = cueBetween(screen, view.screen);
      if (cue !== null) play(cue);
      screen = view.screen;
      setConnected({ player, view });
    };
    const player: Player = openPlayer({ url: url.href, room, role, identities, onChange });
    setConnected({ player, view: player.view() });
    const wake = () => document.visibilityState === 'visible' && player.wake();
    addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    return () => {
      removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      player.close();
    };
  }, [room, role]);
  return connected;
}

/** The server's clock in ms, looked at often enough for a countdown. */
export function useServerClock(player: Player, everyMs = 100): number {
  const [now, setNow] = useState(player.serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(player.serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [player, everyMs]);
  return now;
}

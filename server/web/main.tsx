// The page: start screen at `/`, a room at `/j/<room>`. One player object per room holds all that is known; the screens only draw it.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { createIdentities, type Identities, randomNonce } from './client/identity.ts';
import { openPlayer, type Player, type View } from './client/player.ts';
import { Home, NameForm } from './home.tsx';
import { RoomScreen } from './room.tsx';
import './style.css';

const identities: Identities = createIdentities(localStorage, randomNonce);

function roomFromPath(): string | null {
  const code = /^\/j\/([^/]+)/.exec(location.pathname)?.[1];
  return code === undefined ? null : decodeURIComponent(code).toUpperCase();
}

function App() {
  const [room, setRoom] = useState(roomFromPath());
  useEffect(() => {
    const moved = () => setRoom(roomFromPath());
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const go = (path: string) => {
    history.pushState(null, '', path);
    setRoom(roomFromPath());
  };
  return room === null ? (
    <Home identities={identities} go={go} />
  ) : (
    <Joining key={room} room={room} go={go} />
  );
}

/** Asks for a name first, unless this browser is known in the room. */
function Joining({ room, go }: { readonly room: string; readonly go: (path: string) => void }) {
  const known = identities.of(room);
  const [ready, setReady] = useState(known.token !== null || known.hostToken !== null);
  if (!ready) {
    const join = (name: string) => {
      identities.change(room, { name });
      setReady(true);
    };
    return <NameForm room={room} onName={join} />;
  }
  return <Playing room={room} go={go} />;
}

function Playing({ room, go }: { readonly room: string; readonly go: (path: string) => void }) {
  const [connected, setConnected] = useState<{ player: Player; view: View } | null>(null);
  useEffect(() => {
    const url = new URL('/ws', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const role = identities.of(room).hostToken === null ? 'player' : 'host';
    const player: Player = openPlayer({
      url: url.href,
      room,
      role,
      identities,
      onChange: (view) => setConnected({ player, view }),
    });
    setConnected({ player, view: player.view() });
    return () => player.close();
  }, [room]);
  if (connected === null) return null;
  const { player, view } = connected;
  if (view.why?.code === 'name_taken' || view.why?.code === 'name_invalid') {
    const again = (name: string) => {
      identities.change(room, { name });
      location.reload();
    };
    return <NameForm room={room} onName={again} problem={view.why.message} />;
  }
  return <RoomScreen room={room} player={player} view={view} go={go} />;
}

const app = document.getElementById('app');
if (app !== null) render(<App />, app);

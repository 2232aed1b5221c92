// The page: start screen at `/`, a room at `/j/<room>`. One player object per room holds all that is known;
// the screens only draw it.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { createIdentities, type Identities, randomNonce } from './client/identity.ts';
import { openPlayer, type Player, type View } from './client/player.ts';
import { Home, NameForm } from './home.tsx';
import { RoomScreen } from './room.tsx';
import './style.css';
import './room.css';

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

interface RoomProps {
  readonly room: string;
  readonly go: (path: string) => void;
}

/** Asks for a name first, unless this browser is known in the room; and again when the name is refused. */
function Joining({ room, go }: RoomProps) {
  const known = identities.of(room);
  const [ready, setReady] = useState(known.token !== null || known.hostToken !== null);
  const [problem, setProblem] = useState<string | null>(null);
  if (!ready) {
    const join = (name: string) => {
      identities.change(room, { name });
      setReady(true);
    };
    return <NameForm room={room} onName={join} problem={problem} />;
  }
  const refused = (message: string) => {
    setProblem(message);
    setReady(false);
  };
  return <Playing room={room} go={go} onNameRefused={refused} />;
}

const nameCodes: ReadonlySet<string> = new Set(['name_taken', 'name_invalid']);

function Playing({ room, go, onNameRefused }: RoomProps & { readonly onNameRefused: (why: string) => void }) {
  const [connected, setConnected] = useState<{ player: Player; view: View } | null>(null);
  useEffect(() => {
    const url = new URL('/ws', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const role = identities.of(room).hostToken === null ? 'player' : 'host';
    const onChange = (view: View) => {
      if (view.why !== null && nameCodes.has(view.why.code)) onNameRefused(view.why.message);
      else setConnected({ player, view });
    };
    const player: Player = openPlayer({ url: url.href, room, role, identities, onChange });
    setConnected({ player, view: player.view() });
    return () => player.close();
  }, [room]);
  if (connected === null) return null;
  return <RoomScreen room={room} player={connected.player} view={connected.view} go={go} />;
}

const app = document.getElementById('app');
if (app !== null) render(<App />, app);

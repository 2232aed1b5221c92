// The host at a room: settings and invitations before the game, the game as all see it during it, and
// always one button that is the next sensible step.

import { useEffect, useState } from 'preact/hooks';
import { Board } from './board.tsx';
import { ConnectionBar, type Go, Link, Notice, SoundButton } from './chrome.tsx';
import type { Player, View } from './client/player.ts';
import type { RoomState } from './client/wire.ts';
import { HostBar } from './host-bar.tsx';
import { Invite } from './invite.tsx';
import { AgentLights, Players, type Remove } from './lobby.tsx';
import { keepName, lastName, suggestName } from './names.ts';
import { Ended, Phase } from './player-page.tsx';
import { SettingsForm } from './settings-form.tsx';
import { decoded } from './site.ts';
import { identities, useRoom } from './use-room.ts';
import { words } from './words.ts';

export function Page({ of, go }: { readonly of: string; readonly go: Go }) {
  const room = of.toUpperCase();
  const [known, setKnown] = useState(() => takeToken(room));
  // A link to this page that is pasted into an open tab changes the fragment alone.
  useEffect(() => {
    const changed = () => setKnown(takeToken(room));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, [room]);
  if (known) return <Hosting room={room} go={go} />;
  return (
    <Notice title={words.notHost}>
      <div class="row center">
        <Link to={`/j/${room}`} go={go} class="button primary">
          {words.toGame}
        </Link>
      </div>
    </Notice>
  );
}

/**
 * The host's link carries the token behind the #, which goes to no server; it is taken out of the address.
 */
function takeToken(room: string): boolean {
  const token = decoded(location.hash.slice(1));
  if (token !== '') {
    identities.change(room, { hostToken: token });
    history.replaceState(null, '', location.pathname);
  }
  return identities.of(room).hostToken !== null;
}

function Hosting({ room, go }: { readonly room: string; readonly go: Go }) {
  // Joining as a player, too, is another way to join: the connection begins anew.
  const [playing, setPlaying] = useState(identities.of(room).name !== null);
  const play = (name: string) => {
    keepName(name);
    identities.change(room, { name });
    setPlaying(true);
  };
  return <Connected key={String(playing)} room={room} go={go} onPlay={playing ? null : play} />;
}

interface ConnectedProps {
  readonly room: string;
  readonly go: Go;
  readonly onPlay: ((name: string) => void) | null;
}

function Connected({ room, go, onPlay }: ConnectedProps) {
  const connected = useRoom(room, 'host');
  if (connected === null) return null;
  const { player, view } = connected;
  const state = view.screen.room;
  if (view.status === 'ended') return <Ended why={view.why} room={room} go={go} />;
  return (
    <div class="room host">
      <ConnectionBar status={view.status} why={view.why} />
      {state === null ? (
        <p class="loading">{words.loading}</p>
      ) : (
        <>
          {state.phase === 'lobby' ? (
            <HostLobby state={state} player={player} view={view} onPlay={onPlay} />
          ) : (
            <Running state={state} player={player} view={view} go={go} />
          )}
          <SoundButton />
          <HostBar
            state={state}
            player={player}
            nextReady={view.screen.agents?.nextReady ?? state.nextReady}
          />
        </>
      )}
    </div>
  );
}

interface LobbyProps {
  readonly state: RoomState;
  readonly player: Player;
  readonly view: View;
  readonly onPlay: ((name: string) => void) | null;
}

function HostLobby({ state, player, view, onPlay }: LobbyProps) {
  const { agents } = view.screen;
  return (
    <>
      <h1 class="unseen">{words.host}</h1>
      <div class="columns">
        <Invite room={state.room} />
        <section class="card">
          <h2>{words.playersHere(state.players.length)}</h2>
          <Everyone state={state} player={player} view={view} />
          {onPlay !== null && (
            <button type="button" class="quiet" onClick={() => onPlay(lastName() || suggestName())}>
              {words.yourPlay}
            </button>
          )}
          <AgentLights agents={agents} />
        </section>
        <SettingsForm settings={state.settings} player={player} />
      </div>
    </>
  );
}

/** All who are here, each of whom the host may remove. */
function Everyone({ state, player, view }: Omit<RunningProps, 'go'>) {
  const { playerId, away } = view.screen;
  return (
    <Players
      players={state.players}
      count={state.players.length}
      away={away}
      mine={playerId}
      onRemove={remover(player)}
    />
  );
}

interface RunningProps {
  readonly state: RoomState;
  readonly player: Player;
  readonly view: View;
  readonly go: Go;
}

function Running({ state, player, view, go }: RunningProps) {
  const { playerId } = view.screen;
  const { question, result, paused } = state;
  return (
    <>
      <Phase state={state} player={player} view={view} go={go} seat="host" />
      {question !== null && result === null && paused === null && <Board state={state} mine={playerId} />}
      <details class="card">
        <summary>{words.playersHere(state.players.length)}</summary>
        <Everyone state={state} player={player} view={view} />
      </details>
      <details class="card">
        <summary>
          {words.invite}: {state.room}
        </summary>
        <Invite room={state.room} />
      </details>
    </>
  );
}

const remover =
  (player: Player): Remove =>
  (playerId, keepOut) =>
    void player.request(keepOut ? 'ban' : 'kick', { playerId });

// A room as its phase has it: lobby, question, reveal, podium; with the host's controls for whoever holds the
// host's token.

import type { ComponentChildren } from 'preact';
import type { Player, View } from './client/player.ts';
import type { Entry, RoomState } from './client/wire.ts';
import { HostBar } from './host-bar.tsx';
import { QuestionCard } from './question.tsx';
import { Reveal } from './reveal.tsx';
import { words } from './words.ts';

export interface RoomProps {
  readonly room: string;
  readonly player: Player;
  readonly view: View;
  readonly go: (path: string) => void;
}

export function RoomScreen({ room, player, view, go }: RoomProps) {
  const { screen, status, why } = view;
  const state = screen.room;
  if (status === 'ended') {
    return (
      <section class="card narrow">
        <h1>{why?.message ?? words.ended}</h1>
        <button type="button" class="primary" onClick={() => go('/')}>
          {words.home}
        </button>
      </section>
    );
  }
  return (
    <div class="room">
      <output class={`connection ${status}`}>{status === 'online' ? '' : words.reconnecting}</output>
      <p class="room-code">{room}</p>
      {state !== null && <Phase state={state} player={player} view={view} />}
      {state !== null && screen.role === 'host' && <HostBar state={state} player={player} />}
    </div>
  );
}

interface PhaseProps {
  readonly state: RoomState;
  readonly player: Player;
  readonly view: View;
}

function Phase({ state, player, view }: PhaseProps) {
  const { screen } = view;
  if (state.paused !== null) return <Notice title={words.paused} />;
  if (state.phase === 'lobby') return <Lobby state={state} view={view} player={player} />;
  if (state.phase === 'over') return <Podium state={state} />;
  if (state.result !== null) {
    return (
      <>
        <Reveal result={state.result} you={state.you} />
        <Board entries={state.entries} mine={screen.playerId} />
      </>
    );
  }
  if (state.question !== null) {
    return (
      <QuestionCard
        key={state.question.roundId}
        question={state.question}
        state={state}
        player={player}
        view={view}
      />
    );
  }
  const waiting = state.nextAt === null && state.round > 0 ? words.hostDecides : words.nextSoon;
  return (
    <Notice title={words.getReady}>
      <p>{waiting}</p>
    </Notice>
  );
}

function Notice({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <section class="card narrow">
      <h1>{title}</h1>
      {children}
    </section>
  );
}

function Lobby({ state, view, player }: PhaseProps) {
  const { screen } = view;
  const link = `${location.origin}/j/${state.room}`;
  return (
    <section class="card">
      <h1>{screen.role === 'host' ? words.invite : words.waitingForHost}</h1>
      {screen.role === 'host' && <p class="link">{link}</p>}
      {state.players.length === 0 && <p>{words.nobody}</p>}
      <ul class="players">
        {state.players.map(({ playerId, name }) => (
          <li key={playerId} class={screen.away.has(playerId) ? 'away' : ''}>
            <bdi>{name}</bdi>
            {screen.role === 'host' && playerId !== screen.playerId && (
              <button type="button" class="quiet" onClick={() => void player.request('kick', { playerId })}>
                {words.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Board({ entries, mine }: { readonly entries: readonly Entry[]; readonly mine: string | null }) {
  if (entries.length === 0) return null;
  return (
    <section class="card">
      <h2>{words.leaderboard}</h2>
      <ol class="board">
        {entries.map(({ playerId, name, score, rank, change }) => (
          <li key={playerId} class={playerId === mine ? 'mine' : ''}>
            <span class="rank">{rank}</span>
            <bdi>{name}</bdi>
            <span class="change">{change === 0 ? '' : change > 0 ? `▲${change}` : `▼${-change}`}</span>
            <span class="score">{score}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Podium({ state }: { readonly state: RoomState }) {
  return (
    <section class="card">
      <h1>{words.over}</h1>
      <ol class="podium">
        {(state.podium ?? []).map((place) => (
          <li key={place[0]?.rank}>
            <span class="rank">{place[0]?.rank}</span>
            <bdi>{place.map(({ name }) => name).join(', ')}</bdi>
            <span class="score">{place[0]?.score}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

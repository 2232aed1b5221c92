// The big screen: read at ten metres, touched by nobody. The way in stays in a corner for whoever comes late.
// It joins as a screen, and so is never told a secret.

import { Board, Places } from './board.tsx';
import { ConnectionBar, type Go } from './chrome.tsx';
import type { View } from './client/player.ts';
import type { RoomState } from './client/wire.ts';
import { QrCode } from './invite.tsx';
import { AgentLights, Players } from './lobby.tsx';
import { Ended } from './player-page.tsx';
import { Clock, Meta } from './question.tsx';
import { Reveal } from './reveal.tsx';
import { type Connected, useRoom, useServerClock } from './use-room.ts';
import { words } from './words.ts';

export function Page({ of, go }: { readonly of: string; readonly go: Go }) {
  const room = of.toUpperCase();
  const connected = useRoom(room, 'screen');
  if (connected === null) return null;
  const { view } = connected;
  const state = view.screen.room;
  if (view.status === 'ended') return <Ended why={view.why} room={room} go={go} />;
  if (state === null) return <p class="loading">{words.loading}</p>;
  return (
    <div class={`big ${state.phase === 'lobby' ? 'lobby' : 'playing'}`}>
      <ConnectionBar status={view.status} />
      <div class="stage">
        <Stage state={state} connected={connected} view={view} />
      </div>
      <aside class="way-in">
        <QrCode text={`${location.origin}/j/${room}`} />
        <p>
          {words.joinAt} <b>{location.host}</b>
        </p>
        <p class="big-code">{room}</p>
      </aside>
    </div>
  );
}

interface StageProps {
  readonly state: RoomState;
  readonly view: View;
  readonly connected: Connected;
}

function Stage({ state, view, connected }: StageProps) {
  const { screen } = view;
  if (state.paused !== null) return <h1>{words.paused}</h1>;
  if (state.phase === 'lobby') {
    return (
      <>
        <h1>{words.title}</h1>
        <h2>{words.playersHere(state.players.length)}</h2>
        <Players players={state.players} away={screen.away} />
        <AgentLights agents={screen.agents} />
      </>
    );
  }
  if (state.phase === 'over') {
    return (
      <>
        <h1>{words.over}</h1>
        <Places podium={state.podium} />
      </>
    );
  }
  if (state.result !== null) {
    return (
      <div class="outcome-and-board">
        <Reveal
          result={state.result}
          you={null}
          player={null}
          voided={screen.voided === state.result.roundId}
        />
        <Board state={state} mine={null} />
      </div>
    );
  }
  if (state.question !== null) return <Asked state={state} connected={connected} />;
  return (
    <>
      <h1>{words.getReady}</h1>
      <AgentLights agents={screen.agents} />
      <Board state={state} mine={null} />
    </>
  );
}

function Asked({ state, connected }: Omit<StageProps, 'view'>) {
  const now = useServerClock(connected.player);
  const { question } = state;
  const { tick } = connected.view.screen;
  if (question === null) return null;
  return (
    <section class="question">
      <Meta question={question} />
      <h1>{question.question}</h1>
      <Clock question={question} now={now} />
      {tick !== null && (
        <>
          <progress
            class="answered"
            max={Math.max(1, tick.players)}
            value={tick.answered}
            aria-label={words.answered}
          />
          <p>{words.answeredBy(tick.answered, tick.players)}</p>
        </>
      )}
    </section>
  );
}

// The big screen: read at ten metres, never touched. The way in stays in a corner for those who come late.
// It joins as a screen, and so is never told a secret.

import { Board, Places } from './board.tsx';
import { ConnectionBar, type Go, SoundButton } from './chrome.tsx';
import type { View } from './client/player.ts';
import type { Screen } from './client/reducer.ts';
import type { Answer, RoomState } from './client/wire.ts';
import { QrCode } from './invite.tsx';
import { AgentLights, countOf, Players } from './lobby.tsx';
import { Ended } from './player-page.tsx';
import { Clock, Meta, nameOf } from './question.tsx';
import { NextStep, Reveal, wasSkipped } from './reveal.tsx';
import { siteHost, siteOrigin } from './site.ts';
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
      <ConnectionBar status={view.status} why={view.why} />
      <div class="stage">
        <Stage state={state} connected={connected} view={view} />
      </div>
      <aside class="way-in">
        <QrCode text={`${siteOrigin}/j/${room}`} />
        <p>
          {words.joinAt} <b>{siteHost}</b>
        </p>
        <p class="big-code">{room}</p>
        <SoundButton />
        <AtWork state={state} screen={view.screen} />
      </aside>
    </div>
  );
}

/** The four agents, as long as there is something to prepare; in the lobby they stand elsewhere. */
function AtWork({ state: { phase, round, rounds }, screen }: AtWorkProps) {
  if (phase === 'lobby' || phase === 'over' || round >= rounds) return null;
  const { agents } = screen;
  return (
    <div class="at-work">
      <p class="hint">{agents?.nextReady === true ? words.nextReady : words.nextNotReady}</p>
      <AgentLights agents={agents} />
    </div>
  );
}

interface AtWorkProps {
  readonly state: RoomState;
  readonly screen: Screen;
}

interface StageProps {
  readonly state: RoomState;
  readonly view: View;
  readonly connected: Connected;
}

function Stage({ state, view, connected }: StageProps) {
  const { screen } = view;
  if (state.paused !== null) {
    return (
      <>
        <h1>{words.paused}</h1>
        <Board state={state} mine={null} />
      </>
    );
  }
  if (state.phase === 'lobby') {
    return (
      <>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        {state.players.length > 0 && <h2>{words.playersHere(countOf(state))}</h2>}
        <Players players={state.players} count={countOf(state)} away={screen.away} />
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
    const { question, explanation } = state.result;
    return (
      <div class={`outcome-and-board ${sizeOf(`${question ?? ''}${explanation}`, outcomeSteps)}`}>
        <Reveal
          result={state.result}
          you={null}
          player={null}
          voided={screen.voided === state.result.roundId}
        />
        <div>
          <Board state={state} mine={null} />
          <NextStep state={state} player={connected.player} seat="player" />
        </div>
      </div>
    );
  }
  if (state.question !== null) return <Asked state={state} connected={connected} />;
  return (
    <>
      <h1>{wasSkipped(state) ? words.skipped : words.getReady}</h1>
      <Board state={state} mine={null} />
    </>
  );
}

// Characters up to which text has one size and from which on a smaller one: all of it fits on the picture.
const claimSteps = [50, 90, 150] as const;
const outcomeSteps = [100, 180, 400] as const;

function sizeOf({ length }: string, [brief, usual, long]: readonly [number, number, number]): string {
  if (length <= brief) return 'brief';
  if (length <= usual) return 'usual';
  return length <= long ? 'long' : 'longest';
}

/** What is asked, between what can be said and how many have said it. */
function Asked({ state, connected }: Omit<StageProps, 'view'>) {
  const now = useServerClock(connected.player);
  const { question } = state;
  const { tick } = connected.view.screen;
  if (question === null) return null;
  return (
    <section class="asked">
      <Meta question={question} />
      <h1 class={sizeOf(question.question, claimSteps)} lang="en">
        {question.question}
      </h1>
      <div class="choices">
        <Choice answer="FACT" />
        <Clock question={question} now={now} />
        <Choice answer="FAKE" />
      </div>
      <div class="count">
        {tick !== null && (
          <>
            <p>{words.answeredBy(tick.answered, tick.players)}</p>
            <progress
              class="answered"
              max={Math.max(1, tick.players)}
              value={tick.answered}
              aria-label={words.answered}
            />
          </>
        )}
      </div>
    </section>
  );
}

function Choice({ answer }: { readonly answer: Answer }) {
  return (
    <p class={`choice ${answer.toLowerCase()}`}>
      <span aria-hidden="true">{answer === 'FACT' ? '✓' : '✗'}</span> {nameOf(answer)}
    </p>
  );
}

// A player at a room: asks for a name once, then shows whatever the room is at.

import { useEffect, useRef, useState } from 'preact/hooks';
import { isThere } from './api.ts';
import { Board, Podium } from './board.tsx';
import { ConnectionBar, Footer, type Go, Notice, SoundButton } from './chrome.tsx';
import { keptOut, type Player, type View } from './client/player.ts';
import { lateAnswer } from './client/reducer.ts';
import type { Failure, RoomState } from './client/wire.ts';
import { JoinForm, NameForm } from './home.tsx';
import { HostBar } from './host-bar.tsx';
import { AgentLights, Lobby } from './lobby.tsx';
import { QuestionCard } from './question.tsx';
import { Missed, NextStep, Reveal, type Seat, wasSkipped } from './reveal.tsx';
import { identities, useRoom } from './use-room.ts';
import { said, words } from './words.ts';

interface PageProps {
  readonly of: string;
  readonly go: Go;
}

/** Asks for a name first, unless this browser is known in the room; and again when the name is refused. */
export function PlayerPage({ of: room, go }: PageProps) {
  const known = identities.of(room);
  const [ready, setReady] = useState(known.token !== null || known.solo);
  const [problem, setProblem] = useState<string | null>(null);
  const [none, setNone] = useState(false);
  // Beside the form, not before it: a player with the right code waits for nothing.
  useEffect(() => {
    if (!ready) void isThere(room).then((there) => setNone(!there));
  }, []);
  if (none) return <Ended why={noRoom} room={room} go={go} />;
  if (known.keptOut) return <Ended why={keptOut} room={room} go={go} />;
  if (ready) {
    const refused = (message: string) => {
      setProblem(message);
      setReady(false);
    };
    return <Playing room={room} go={go} onNameRefused={refused} />;
  }
  const join = (name: string) => {
    identities.change(room, { name });
    setReady(true);
  };
  return (
    <>
      <NameForm room={room} onName={join} problem={problem} />
      <Footer />
    </>
  );
}

const noRoom: Failure = { code: 'room_not_found', message: '', retry: false };
// Another try may end otherwise.
const curable: ReadonlySet<string> = new Set([
  'replaced',
  'wrongProtocol',
  'bad_token',
  'room_full',
  'room_locked',
]);
// A player's join is forbidden by the name alone.
const nameCodes: ReadonlySet<string> = new Set(['name_taken', 'name_invalid', 'forbidden']);
const saidOfName = (why: Failure): string => (why.code === 'forbidden' ? words.nameKeptOut : said(why));

interface PlayingProps {
  readonly room: string;
  readonly go: Go;
  readonly onNameRefused: (why: string) => void;
}

function Playing({ room, go, onNameRefused }: PlayingProps) {
  const solo = identities.of(room).solo;
  const connected = useRoom(room, solo ? 'host' : 'player');
  const why = connected?.view.why ?? null;
  const refusal = why !== null && nameCodes.has(why.code) ? saidOfName(why) : null;
  useEffect(() => {
    if (refusal !== null) onNameRefused(refusal);
  }, [refusal]);
  const started = useRef(false);
  const state = connected?.view.screen.room ?? null;
  useEffect(() => {
    if (!solo || started.current || connected === null || state?.phase !== 'lobby') return;
    started.current = true;
    void connected.player.request('start', { after: state.game });
  }, [solo, state?.phase]);
  if (connected === null || refusal !== null) return null;
  const { player, view } = connected;
  if (view.status === 'ended') return <Ended why={view.why} room={room} go={go} />;
  return (
    <div class="room">
      <ConnectionBar status={view.status} why={view.why} />
      {state === null ? (
        <p class="loading">{words.loading}</p>
      ) : (
        <>
          <Phase state={state} player={player} view={view} go={go} seat={solo ? 'solo' : 'player'} />
          <Missed missed={view.screen.missed} shown={state.result} />
        </>
      )}
      <SoundButton />
      {solo && state !== null && <HostBar state={state} player={player} solo />}
    </div>
  );
}

/** The connection is over for good: why, and the one thing that helps. */
export function Ended({
  why,
  room,
  go,
}: {
  readonly why: Failure | null;
  readonly room: string;
  readonly go: Go;
}) {
  const reload = () => location.reload();
  const again = why !== null && curable.has(why.code);
  return (
    <>
      <Notice title={why === null ? words.gone : said(why)}>
        <p class="room-code">{room}</p>
        <div class="row center">
          {again && (
            <button type="button" class="primary" onClick={reload}>
              {words.tryAgain}
            </button>
          )}
          <button type="button" class="quiet" onClick={() => go('/')}>
            {words.home}
          </button>
        </div>
      </Notice>
      {why?.code === 'room_not_found' && (
        <div class="narrow">
          <JoinForm go={go} />
        </div>
      )}
    </>
  );
}

interface PhaseProps {
  readonly state: RoomState;
  readonly player: Player;
  readonly view: View;
  readonly go: Go;
  readonly seat: Seat;
}

export function Phase({ state, player, view, go, seat }: PhaseProps) {
  const { screen } = view;
  const board = seat === 'solo' ? null : <Board state={state} mine={screen.playerId} />;
  if (state.paused !== null) {
    return (
      <>
        <Paused reason={state.paused.reason} seat={seat} />
        {board}
      </>
    );
  }
  if (state.phase === 'lobby' && seat !== 'solo')
    return <Lobby state={state} view={view} player={player} go={go} />;
  if (state.phase === 'over') return <Podium state={state} screen={screen} go={go} seat={seat} />;
  if (state.result !== null) {
    return (
      <>
        <NextStep state={state} player={player} seat={seat} />
        <Reveal
          result={state.result}
          you={state.you}
          late={lateAnswer(screen)}
          player={player}
          voided={screen.voided === state.result.roundId}
          alone={seat === 'solo'}
        />
        {board}
      </>
    );
  }
  if (state.question !== null) {
    const { question } = state;
    return (
      <QuestionCard
        key={question.roundId}
        question={question}
        state={state}
        player={player}
        view={view}
        alone={seat === 'solo'}
      />
    );
  }
  return (
    <Notice title={wasSkipped(state) ? words.skipped : words.getReady}>
      <AgentLights agents={screen.agents} />
      {state.round === 0 ? (
        <p>{words.agentsPrepare}</p>
      ) : (
        <NextStep state={state} player={player} seat={seat} />
      )}
    </Notice>
  );
}

function Paused({ reason, seat }: { readonly reason: string; readonly seat: Seat }) {
  const [fault, byHost] =
    seat === 'player' ? [words.pausedFault, words.hostDecides] : [words.pausedFaultHost, words.youDecide];
  const why = reason === 'idle' ? words.pausedIdle : reason === 'fault' ? fault : byHost;
  return (
    <Notice title={words.paused}>
      <p>{why}</p>
    </Notice>
  );
}

// The host's controls: one button that is always the next sensible step, the others beside it.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RequestType } from '../../core/protocol.ts';
import { GraveButton } from './chrome.tsx';
import type { Player } from './client/player.ts';
import type { RoomState, Wish } from './client/wire.ts';
import { said, words } from './words.ts';

interface HostBarProps {
  readonly state: RoomState;
  readonly player: Player;
  /** Whether a claim waits for its turn, as heard last. */
  readonly nextReady?: boolean;
  /** A player who plays alone needs no more than the next step and an end. */
  readonly solo?: boolean;
}

/** A button, and the request that it sends. */
type Step = {
  readonly [T in RequestType]: {
    readonly label: string;
    readonly t: T;
    readonly d: Wish<T>;
    /** Asked twice, because it cannot be taken back. */
    readonly grave?: boolean;
  };
}[RequestType];

export function HostBar({ state, player, nextReady = state.nextReady, solo = false }: HostBarProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async ({ t, d }: Step) => {
    const reply = await player.request(t, d);
    setProblem('err' in reply ? said(reply.err) : null);
  };
  const primary = nextStep(state, solo);
  const others = otherSteps(state).filter(({ t }) => !solo || t === 'end');
  const ready = solo ? '' : readiness(state, nextReady);
  const bar = useHeightKept();
  return (
    <footer class="host-bar" ref={bar}>
      {ready !== '' && <p class="ready">{ready}</p>}
      {primary !== null && (
        <button type="button" class="primary" onClick={() => void ask(primary)}>
          {primary.label}
        </button>
      )}
      {others.map((step) => (
        <StepButton key={step.t} step={step} onAsk={() => void ask(step)} />
      ))}
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </footer>
  );
}

/** As `--bar`, so that what stands above it is not hidden however many rows the buttons take. */
function useHeightKept() {
  const bar = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    const watch = new ResizeObserver(() => style.setProperty('--bar', `${bar.current?.offsetHeight}px`));
    if (bar.current !== null) watch.observe(bar.current);
    return () => {
      watch.disconnect();
      style.removeProperty('--bar');
    };
  }, []);
  return bar;
}

function readiness({ phase, players, round, rounds }: RoomState, nextReady: boolean): string {
  if (phase === 'over' || round >= rounds) return '';
  if (phase === 'lobby' && players.length === 0) return words.startAlone;
  return nextReady ? words.nextReady : words.nextNotReady;
}

function StepButton({ step, onAsk }: { readonly step: Step; readonly onAsk: () => void }) {
  if (step.grave === true) {
    return <GraveButton class="quiet" label={step.label} sure={words.reallyEnd} onSure={onAsk} />;
  }
  return (
    <button type="button" class="quiet" onClick={onAsk}>
      {step.label}
    </button>
  );
}

/** A player who plays alone neither closes rounds nor shows winners. */
function nextStep(state: RoomState, solo: boolean): Step | null {
  const { phase, paused, question, closed, game, round, rounds, lastRoundId } = state;
  if (phase === 'lobby') return { label: words.start, t: 'start', d: { after: game } };
  if (phase === 'over') return { label: words.again, t: 'start', d: { after: game } };
  if (paused !== null) return { label: words.resume, t: 'resume', d: {} };
  if (question !== null && !closed)
    return { label: solo ? words.showAnswer : words.close, t: 'close', d: { roundId: question.roundId } };
  if (phase === 'waiting' && round > 0) {
    const label = round < rounds ? words.next : solo ? words.seeResult : words.finish;
    return { label, t: 'next', d: { roundId: lastRoundId } };
  }
  return null;
}

function otherSteps({ phase, paused, question, closed, game }: RoomState): Step[] {
  if (phase === 'lobby' || phase === 'over') return [];
  const end: Step[] = game === null ? [] : [{ label: words.end, t: 'end', d: { game }, grave: true }];
  if (paused !== null) return end;
  const steps: Step[] = [];
  if (question !== null && !closed) {
    const { roundId, deadline } = question;
    if (deadline !== null) steps.push({ label: words.extend, t: 'extend', d: { roundId, ms: 10_000 } });
    steps.push({ label: words.skip, t: 'skip', d: { roundId } });
  }
  return [...steps, { label: words.pause, t: 'pause', d: {} }, ...end];
}

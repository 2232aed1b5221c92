// A room through time: what it waits for, its events on a time axis, a slider over all revisions, the state
// at each and what it changed. It follows the room while it plays, until the operator looks back.

import { useEffect, useState } from 'preact/hooks';
import { type Go, Link } from '../chrome.tsx';
import { getMoment, getTimeline, getWhy, type Moment, type Step, useLooking } from './api.ts';
import { Judge } from './judge.tsx';
import { Lanes } from './lanes.tsx';
import { Tree } from './tree.tsx';

interface RoomPageProps {
  readonly room: string;
  readonly jaegerUrl: string | null;
  readonly go: Go;
}

const followMs = 1_000;

export function RoomPage({ room, jaegerUrl, go }: RoomPageProps) {
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [why, setWhy] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const last = steps.at(-1)?.rev ?? 0;
  const rev = chosen ?? last;
  const look = async () => {
    const answer = await getTimeline(room, last);
    if ('problem' in answer) {
      setProblem(answer.problem);
      return !answer.final;
    }
    setProblem(null);
    if (answer.ok.length > 0) setSteps([...steps, ...answer.ok]);
    const waits = await getWhy(room);
    if ('ok' in waits) setWhy(waits.ok.lines);
    return true;
  };
  useLooking(look, followMs, room);
  const moment = useMoment(room, rev);
  return (
    <>
      <p>
        <Link to="/ops" go={go}>
          All rooms
        </Link>
      </p>
      <div class="head">
        <h2>Room {room}</h2>
        <Follow on={chosen === null} onTurn={(on) => setChosen(on ? null : last)} />
      </div>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {last > 0 && (
        <>
          <WaitsFor lines={why} />
          <Judge room={room} />
          <section class="card">
            <div class="wide-table">
              <Lanes steps={steps} rev={rev} onChoose={setChosen} />
            </div>
            <label>
              Revision {rev} of {last}
              <input
                type="range"
                min={1}
                max={last}
                value={rev}
                onInput={(event) => setChosen(Number(event.currentTarget.value))}
              />
            </label>
          </section>
          <div class="then">
            <Events steps={steps} rev={rev} onChoose={setChosen} />
            {moment !== null && <Then moment={moment} step={steps[rev - 1]} jaegerUrl={jaegerUrl} />}
          </div>
        </>
      )}
    </>
  );
}

interface FollowProps {
  readonly on: boolean;
  readonly onTurn: (on: boolean) => void;
}

function Follow({ on, onTurn }: FollowProps) {
  return (
    <label class="switch">
      <input type="checkbox" checked={on} onChange={(event) => onTurn(event.currentTarget.checked)} />
      follow
    </label>
  );
}

function WaitsFor({ lines }: { readonly lines: readonly string[] }) {
  return (
    <section class="card">
      <h3>What it waits for</h3>
      <ul class="why">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** The room at a revision; while another one is on its way, the one of before. */
function useMoment(room: string, rev: number): Moment | null {
  const [moment, setMoment] = useState<Moment | null>(null);
  useEffect(() => {
    if (rev === 0) return;
    let wanted = true;
    void getMoment(room, rev).then((answer) => {
      if (wanted && 'ok' in answer) setMoment(answer.ok);
    });
    return () => {
      wanted = false;
    };
  }, [room, rev]);
  return moment;
}

const shown = 24;

interface EventsProps {
  readonly steps: readonly Step[];
  readonly rev: number;
  readonly onChoose: (rev: number) => void;
}

/** The events around the chosen one, all or those of one type. */
function Events({ steps, rev, onChoose }: EventsProps) {
  const [type, setType] = useState('');
  const counts = new Map<string, number>();
  for (const step of steps) counts.set(step.type, (counts.get(step.type) ?? 0) + 1);
  const those = type === '' ? steps : steps.filter((step) => step.type === type);
  const at = those.findLastIndex((step) => step.rev <= rev);
  const from = Math.max(0, Math.min(at - shown / 2, those.length - shown));
  const [before, after] = [
    those.findLast((step) => step.rev < rev),
    those.find((step) => step.rev > rev),
  ] as const;
  const pager = (label: string, step: Step | undefined) => (
    <button
      type="button"
      class="quiet small"
      disabled={step === undefined}
      onClick={() => step !== undefined && onChoose(step.rev)}
    >
      {label}
    </button>
  );
  return (
    <section class="card events">
      <div class="filter">
        <select aria-label="Type of event" onChange={(event) => setType(event.currentTarget.value)}>
          <option value="">every event ({steps.length})</option>
          {[...counts].map(([name, count]) => (
            <option key={name} value={name}>
              {name} ({count})
            </option>
          ))}
        </select>
        {pager('‹ back', before)}
        {pager('forward ›', after)}
      </div>
      <ol>
        {those.slice(from, from + shown).map((step) => (
          <li key={step.rev}>
            <button
              type="button"
              class={step.rev === rev ? 'chosen' : ''}
              aria-pressed={step.rev === rev}
              onClick={() => onChoose(step.rev)}
            >
              <span class="rank">{step.rev}</span>
              <span>{breakable(step.type)}</span>
              <span class="hint">{step.by}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface ThenProps {
  readonly moment: Moment;
  readonly step: Step | undefined;
  readonly jaegerUrl: string | null;
}

const changesShown = 200;

function Then({ moment, step, jaegerUrl }: ThenProps) {
  const { event, changes, state } = moment;
  return (
    <section class="card">
      {event !== null && (
        <>
          <h3>{event.type}</h3>
          <p class="hint">
            {new Date(event.at).toISOString()} by {event.by}
            {jaegerUrl !== null && step !== undefined && (
              <>
                {' · '}
                <a
                  href={`${jaegerUrl.replace(/\/$/, '')}/trace/${step.traceId}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  trace in Jaeger
                </a>
              </>
            )}
          </p>
        </>
      )}
      <h3>What it changed</h3>
      {changes.length === 0 && <p class="hint">Nothing in the room.</p>}
      <ul class="changes">
        {changes.slice(0, changesShown).map(({ path, before, after }) => (
          <li key={path}>
            <code>{path}</code> <del>{brief(before)}</del> → <ins>{brief(after)}</ins>
          </li>
        ))}
      </ul>
      {changes.length > changesShown && <p class="hint">and {changes.length - changesShown} more</p>}
      <h3>The room after it</h3>
      <Tree name="room" value={state} changed={new Set(changes.map(({ path }) => path))} />
      <details open={changes.length === 0}>
        <summary>The event as it is stored</summary>
        <pre>{JSON.stringify(event, null, 1)}</pre>
      </details>
    </section>
  );
}

/** Where a long type does not fit, it goes on after an underscore. */
const breakable = (type: string) => type.split(/(?<=_)/).flatMap((part) => [part, <wbr key={part} />]);

const charsShown = 120;

function brief(value: unknown): string {
  const text = value === undefined ? '–' : JSON.stringify(value);
  return text.length > charsShown ? `${text.slice(0, charsShown - 1)}…` : text;
}

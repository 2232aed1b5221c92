// A room through time: every event, a slider over all revisions, the state at each and what it changed.

import { useEffect, useState } from 'preact/hooks';
import { type Go, Link } from './chrome.tsx';
import { askOps, type Moment, type Step } from './ops-api.ts';

interface TimelineProps {
  readonly room: string;
  readonly jaegerUrl: string | null;
  readonly go: Go;
}

export function Timeline({ room, jaegerUrl, go }: TimelineProps) {
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [rev, setRev] = useState<number | null>(null);
  const [moment, setMoment] = useState<Moment | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    void askOps<Step[]>(`rooms/${room}/timeline`).then((answer) => {
      if ('problem' in answer) return setProblem(answer.problem);
      setSteps(answer.ok);
      setRev(answer.ok.at(-1)?.rev ?? null);
    });
  }, [room]);
  useEffect(() => {
    if (rev === null) return;
    let wanted = true;
    void askOps<Moment>(`rooms/${room}/at/${rev}`).then((answer) => {
      if (!wanted) return;
      if ('problem' in answer) setProblem(answer.problem);
      else setMoment(answer.ok);
    });
    return () => {
      wanted = false;
    };
  }, [room, rev]);
  return (
    <>
      <p>
        <Link to="/ops" go={go}>
          All rooms
        </Link>
      </p>
      <h2>{room}</h2>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {rev !== null && (
        <>
          <label>
            Revision {rev} of {steps.length}
            <input
              type="range"
              min={1}
              max={steps.length}
              value={rev}
              onInput={(event) => setRev(Number(event.currentTarget.value))}
            />
          </label>
          <div class="columns">
            <Events steps={steps} rev={rev} onChoose={setRev} />
            {moment !== null && <Then moment={moment} step={steps[rev - 1]} jaegerUrl={jaegerUrl} />}
          </div>
        </>
      )}
    </>
  );
}

const around = 12;

interface EventsProps {
  readonly steps: readonly Step[];
  readonly rev: number;
  readonly onChoose: (rev: number) => void;
}

/** The events before and after the chosen one. */
function Events({ steps, rev, onChoose }: EventsProps) {
  const from = Math.max(0, Math.min(rev - around, steps.length - 2 * around));
  return (
    <ol class="card events">
      {steps.slice(from, from + 2 * around).map((step) => (
        <li key={step.rev}>
          <button
            type="button"
            class={step.rev === rev ? 'chosen' : ''}
            aria-pressed={step.rev === rev}
            onClick={() => onChoose(step.rev)}
          >
            <span class="rank">{step.rev}</span> {step.type}
            <span class="hint"> {step.by}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

interface ThenProps {
  readonly moment: Moment;
  readonly step: Step | undefined;
  readonly jaegerUrl: string | null;
}

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
                {' '}
                <a
                  href={`${jaegerUrl.replace(/\/$/, '')}/trace/${step.traceId}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  trace
                </a>
              </>
            )}
          </p>
        </>
      )}
      <h3>What it changed</h3>
      {changes.length === 0 && <p class="hint">Nothing in the room.</p>}
      <ul class="changes">
        {changes.slice(0, 200).map(({ path, before, after }) => (
          <li key={path}>
            <code>{path}</code> <del>{brief(before)}</del> <ins>{brief(after)}</ins>
          </li>
        ))}
      </ul>
      <details>
        <summary>The event</summary>
        <pre>{JSON.stringify(event, null, 1)}</pre>
      </details>
      <details>
        <summary>The room after it</summary>
        <pre>{JSON.stringify(state, null, 1)}</pre>
      </details>
    </section>
  );
}

function brief(value: unknown): string {
  const text = value === undefined ? '–' : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

// The console: how the engine is doing, what could not be handled, and any room at any moment. For operators,
// in English alone; the terminal has the same under `arena`.

import { useEffect, useState } from 'preact/hooks';
import { type Go, Link } from './chrome.tsx';
import { askOps, type Finding, type Kind, type Overview } from './ops-api.ts';
import { Figure, Groups, looksKept } from './ops-figures.tsx';
import { Operations } from './ops-operations.tsx';
import { Timeline } from './ops-timeline.tsx';

const everyMs = 2_000;

export function Page({ of, go }: { readonly of: string; readonly go: Go }) {
  const [looks, setLooks] = useState<readonly Overview[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const look = async () => {
      const answer = await askOps<Overview>('overview');
      if ('problem' in answer) return setProblem(answer.problem);
      setProblem(null);
      setLooks((before) => [...before, answer.ok].slice(-looksKept));
    };
    void look();
    const timer = setInterval(() => void look(), everyMs);
    return () => clearInterval(timer);
  }, []);
  const last = looks.at(-1);
  if (problem !== null && last === undefined) return <TokenForm problem={problem} />;
  if (last === undefined) return <p class="loading">One moment…</p>;
  return (
    <div class="ops">
      <header class="row">
        <h1>Operator’s desk</h1>
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
      </header>
      {of === '' ? (
        <Desk looks={looks} last={last} go={go} />
      ) : (
        <Timeline key={of} room={of.toUpperCase()} jaegerUrl={last.jaegerUrl} go={go} />
      )}
    </div>
  );
}

function TokenForm({ problem }: { readonly problem: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('token') as HTMLInputElement;
    sessionStorage.setItem('arena:ops-token', field.value);
    location.reload();
  };
  return (
    <form class="card narrow" onSubmit={submit}>
      <h1>Operator’s desk</h1>
      <p class="problem" role="alert">
        {problem}
      </p>
      <label>
        Token (ARENA_OPS_TOKEN)
        <input name="token" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit" class="primary">
        Look
      </button>
    </form>
  );
}

interface DeskProps {
  readonly looks: readonly Overview[];
  readonly last: Overview;
  readonly go: Go;
}

function Desk({ looks, last, go }: DeskProps) {
  const before = looks.at(-2);
  const seconds = before === undefined ? 1 : (last.now - before.now) / 1_000;
  const pushRate =
    before === undefined
      ? 0
      : Math.round((last.traffic.pushes - before.traffic.pushes) / Math.max(seconds, 0.1));
  return (
    <>
      <div class="numbers">
        <Figure
          label="open sockets"
          value={last.traffic.sockets}
          series={looks.map(({ traffic }) => traffic.sockets)}
        />
        <Figure label="pushes a second" value={pushRate} series={ratesOf(looks)} />
        <Figure label="rooms" value={last.rooms.length} series={looks.map(({ rooms }) => rooms.length)} />
        <Figure
          label="dead letters"
          value={countOf(last.dead)}
          series={looks.map(({ dead }) => countOf(dead))}
        />
      </div>
      <Findings findings={last.findings} />
      <Groups looks={looks} groups={last.groups} />
      <Dead kinds={last.dead} />
      <Operations operations={last.operations} />
      <Rooms rooms={last.rooms} go={go} />
      <Closes closes={last.traffic.closes} />
    </>
  );
}

const countOf = (kinds: readonly Kind[]): number => kinds.reduce((sum, { count }) => sum + count, 0);
const ratesOf = (looks: readonly Overview[]): number[] =>
  looks.slice(1).map(({ traffic, now }, index) => {
    const before = looks[index];
    return before === undefined
      ? 0
      : (1_000 * (traffic.pushes - before.traffic.pushes)) / Math.max(1, now - before.now);
  });

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const wrong = findings.filter(({ mood }) => mood === 'bad');
  return (
    <section class="card">
      <h2>
        {wrong.length === 0
          ? '✓ All is well'
          : `✗ ${wrong.length} ${wrong.length === 1 ? 'thing is' : 'things are'} wrong`}
      </h2>
      <ul>
        {findings
          .filter(({ mood }) => mood !== 'good')
          .map(({ mood, what, cure }) => (
            <li key={what} class={mood === 'bad' ? 'problem' : 'hint'}>
              {what}
              {cure !== null && <code> {cure}</code>}
            </li>
          ))}
      </ul>
    </section>
  );
}

function Dead({ kinds }: { readonly kinds: readonly Kind[] }) {
  const [said, setSaid] = useState<string | null>(null);
  const act = async (action: 'requeue' | 'drop', fingerprint: string, dryRun: boolean) => {
    const answer = await askOps<{ selected: number; able: number; done: number }>(`dead/${action}`, {
      fingerprint,
      dryRun,
    });
    if ('problem' in answer) return setSaid(answer.problem);
    const { selected, able, done } = answer.ok;
    setSaid(dryRun ? `${able} of ${selected} would go` : `${done} done`);
  };
  return (
    <section class="card">
      <h2>Dead letters</h2>
      {kinds.length === 0 && <p class="hint">None.</p>}
      {kinds.map(({ fingerprint, group, message, count, rooms }) => (
        <article key={fingerprint} class="letter">
          <p>
            <strong>{count} ×</strong> {group}, {rooms} rooms: {message}
          </p>
          <div class="row">
            <button type="button" class="quiet small" onClick={() => void act('requeue', fingerprint, true)}>
              Try it dry
            </button>
            <button type="button" class="quiet small" onClick={() => void act('requeue', fingerprint, false)}>
              Requeue
            </button>
            <button
              type="button"
              class="quiet small"
              onClick={() =>
                confirm(`Drop ${count} letters for good?`) && void act('drop', fingerprint, false)
              }
            >
              Drop
            </button>
          </div>
        </article>
      ))}
      <output>{said}</output>
    </section>
  );
}

function Rooms({ rooms, go }: { readonly rooms: Overview['rooms']; readonly go: Go }) {
  return (
    <section class="card">
      <h2>Rooms</h2>
      <table>
        <thead>
          <tr>
            {['room', 'phase', 'round', 'players', 'revision'].map((title) => (
              <th key={title}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rooms.slice(0, 100).map(({ room, phase, round, rounds, players, rev }) => (
            <tr key={room}>
              <td>
                <Link to={`/ops/${room}`} go={go}>
                  {room}
                </Link>
              </td>
              <td>{phase}</td>
              <td>
                {round}/{rounds}
              </td>
              <td>{players}</td>
              <td>{rev}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Closes({ closes }: { readonly closes: Readonly<Record<string, number>> }) {
  const rows = Object.entries(closes);
  return (
    <section class="card">
      <h2>Closed sockets by code</h2>
      {rows.length === 0 && <p class="hint">None yet.</p>}
      <ul class="chips">
        {rows.map(([code, count]) => (
          <li key={code}>
            {code}: {count}
          </li>
        ))}
      </ul>
    </section>
  );
}

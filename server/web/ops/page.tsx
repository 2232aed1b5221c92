// The console: how the engine is doing, what could not be handled, and any room at any moment. For operators,
// in English alone; the terminal has the same under `arena`.

import { useState } from 'preact/hooks';
import { wrongToken } from '../../ops/wrong-token.ts';
import type { Go } from '../chrome.tsx';
import { getOverview, type Overview, useLooking } from './api.ts';
import { Desk } from './desk.tsx';
import { looksKept } from './figures.tsx';
import { RoomPage } from './room.tsx';

const everyMs = 2_000;

export function Page({ of, go }: { readonly of: string; readonly go: Go }) {
  const [looks, setLooks] = useState<readonly Overview[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const look = async () => {
    const answer = await getOverview();
    if ('problem' in answer) {
      setProblem(answer.problem);
      setRefused(answer.final);
      return !answer.final;
    }
    setProblem(null);
    setLooks((before) => [...before, answer.ok].slice(-looksKept));
    return true;
  };
  useLooking(look, everyMs, null);
  const last = looks.at(-1);
  if (problem !== null && refused) return <Refused problem={problem} />;
  if (last === undefined && problem !== null) return <p class="problem">{problem}</p>;
  if (last === undefined) return <p class="loading">One moment…</p>;
  return (
    <div class="ops" lang="en">
      <header class="head">
        <h1>Operator’s desk</h1>
        {problem === null ? (
          <p class="hint">as of {new Date(last.now).toISOString().slice(11, 19)} UTC</p>
        ) : (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
      </header>
      {of === '' ? (
        <Desk looks={looks} last={last} go={go} onChange={() => void look()} />
      ) : (
        <RoomPage key={of} room={of.toUpperCase()} jaegerUrl={last.jaegerUrl} go={go} />
      )}
    </div>
  );
}

// As the server says it where it knows a token; every other refusal is of a server that has none.

function Refused({ problem }: { readonly problem: string }) {
  if (problem === wrongToken) return <TokenForm problem={problem} />;
  return (
    <section class="card narrow">
      <h1>Operator’s desk</h1>
      <p class="problem" role="alert">
        {problem}
      </p>
      <p>
        To look from here, start the server with <code>ARENA_OPS_TOKEN</code> set to a secret of eight
        characters or more. This page then asks for it.
      </p>
      <button type="button" class="primary" onClick={() => location.reload()}>
        Look again
      </button>
    </section>
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

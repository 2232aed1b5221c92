// The start: join with a code, or make a room and host it.

import { useState } from 'preact/hooks';
import type { Identities } from './client/identity.ts';
import { words } from './words.ts';

interface HomeProps {
  readonly identities: Identities;
  readonly go: (path: string) => void;
}

const fieldOf = (form: HTMLFormElement, name: string): string =>
  String(new FormData(form).get(name) ?? '').trim();

export function Home({ identities, go }: HomeProps) {
  return (
    <div class="home">
      <header>
        <p class="brand">Agent Arena</p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
      </header>
      <div class="columns">
        <JoinForm go={go} />
        <CreateForm identities={identities} go={go} />
      </div>
    </div>
  );
}

function JoinForm({ go }: Pick<HomeProps, 'go'>) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = fieldOf(event.currentTarget as HTMLFormElement, 'code').toUpperCase();
    if (code !== '') go(`/j/${encodeURIComponent(code)}`);
  };
  return (
    <form class="card" onSubmit={submit}>
      <h2>{words.joinTitle}</h2>
      <label>
        {words.code}
        <input
          class="code"
          name="code"
          autocomplete="off"
          autocapitalize="characters"
          maxLength={6}
          required
        />
      </label>
      <button type="submit" class="primary">
        {words.join}
      </button>
    </form>
  );
}

function CreateForm({ identities, go }: HomeProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const seconds = fieldOf(form, 'seconds');
    const body = {
      topic: fieldOf(form, 'topic') || null,
      rounds: Number(fieldOf(form, 'rounds')),
      seconds: seconds === '' ? null : Number(seconds),
    };
    const made = await makeRoom(body);
    if ('problem' in made) return setProblem(made.problem);
    identities.change(made.room, { hostToken: made.hostToken, name: fieldOf(form, 'name') || null });
    go(`/j/${made.room}`);
  };
  return (
    <form class="card" onSubmit={submit}>
      <h2>{words.createTitle}</h2>
      <label>
        {words.name}
        <input name="name" maxLength={40} autocomplete="nickname" />
      </label>
      <label>
        {words.topic}
        <input name="topic" maxLength={60} />
      </label>
      <div class="pair">
        <label>
          {words.rounds}
          <select name="rounds">
            {[5, 10, 15, 20].map((rounds) => (
              <option key={rounds} selected={rounds === 10}>
                {rounds}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.seconds}
          <select name="seconds">
            {[10, 15, 20, 30].map((seconds) => (
              <option key={seconds} selected={seconds === 15}>
                {seconds}
              </option>
            ))}
            <option value="">{words.relaxed}</option>
          </select>
        </label>
      </div>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" class="primary">
        {words.create}
      </button>
    </form>
  );
}

type Made = { readonly room: string; readonly hostToken: string } | { readonly problem: string };

async function makeRoom(body: object): Promise<Made> {
  const headers = { 'content-type': 'application/json' };
  try {
    const reply = await fetch('/api/rooms', { method: 'POST', headers, body: JSON.stringify(body) });
    const made = (await reply.json()) as { room: string; hostToken: string; err?: { message: string } };
    return reply.ok ? made : { problem: made.err?.message ?? words.ended };
  } catch {
    return { problem: words.ended };
  }
}

interface NameProps {
  readonly room: string;
  readonly onName: (name: string) => void;
  readonly problem: string | null;
}

export function NameForm({ room, onName, problem }: NameProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const name = fieldOf(event.currentTarget as HTMLFormElement, 'name');
    if (name !== '') onName(name);
  };
  return (
    <form class="card narrow" onSubmit={submit}>
      <p class="room-code">{room}</p>
      <label>
        {words.name}
        <input name="name" maxLength={40} autocomplete="nickname" required autofocus />
      </label>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" class="primary">
        {words.join}
      </button>
    </form>
  );
}

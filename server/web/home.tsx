// The start: play at once, join with a code, or host.

import { useState } from 'preact/hooks';
import { makeRoom } from './api.ts';
import { type Go, Link, useFocus } from './chrome.tsx';
import { agentNames } from './lobby.tsx';
import { keepName, lastName, suggestName } from './names.ts';
import { identities } from './use-room.ts';
import { words } from './words.ts';

const soloRounds = 5;

const fieldOf = (form: HTMLFormElement, name: string): string =>
  String(new FormData(form).get(name) ?? '').trim();

export function Home({ go }: { readonly go: Go }) {
  return (
    <div class="home">
      <header>
        <p class="brand">Agent Arena</p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
      </header>
      <div class="columns">
        <JoinForm go={go} />
        <MakeCard go={go} />
      </div>
      <section class="how">
        <h2>{words.howTitle}</h2>
        <ol>
          {agentNames.map((name) => (
            <li key={name}>
              <b>{words.agents[name]}</b> {words.agentsDo[name]}
            </li>
          ))}
        </ol>
      </section>
      <p class="more">
        <Link to="/boards" go={go}>
          {words.boards}
        </Link>
      </p>
    </div>
  );
}

/** As people paste it: in small letters, in groups, or as the whole link. */
const codeIn = (text: string): string =>
  (/\/j\/([^/?#]+)/.exec(text)?.[1] ?? text).replace(/[\s-]/g, '').toUpperCase();

export function JoinForm({ go }: { readonly go: Go }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const code = codeIn(fieldOf(form, 'code'));
    if (code !== '') return go(`/j/${encodeURIComponent(code)}`);
    // Nothing but spaces: the browser says what is missing, as for an empty field.
    form.reset();
    form.reportValidity();
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
          spellcheck={false}
          aria-describedby="code-hint"
          required
        />
      </label>
      <p id="code-hint" class="hint">
        {words.codeHint}
      </p>
      <button type="submit" class="primary wide">
        {words.join}
      </button>
    </form>
  );
}

function MakeCard({ go }: { readonly go: Go }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async (settings: object, solo: boolean) => {
    setBusy(true);
    const made = await makeRoom(settings);
    setBusy(false);
    if ('problem' in made) return setProblem(made.problem);
    const { room, hostToken } = made.ok;
    identities.change(room, { hostToken, solo, name: solo ? lastName() || suggestName() : null });
    go(solo ? `/j/${room}` : `/host/${room}`);
  };
  return (
    <section class="card">
      <button
        type="button"
        class="fact wide"
        disabled={busy}
        onClick={() => void make({ rounds: soloRounds }, true)}
      >
        {words.playNow}
      </button>
      <p class="hint">{words.playNowHint}</p>
      <button type="button" class="quiet wide" disabled={busy} onClick={() => void make({}, false)}>
        {words.host}
      </button>
      <p class="hint">{words.hostHint}</p>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

interface NameProps {
  readonly room: string;
  readonly onName: (name: string) => void;
  readonly problem: string | null;
}

/** Asks how this person wants to be called; what is wrong with it stands beside the field. */
export function NameForm({ room, onName, problem }: NameProps) {
  const [name, setName] = useState(lastName());
  const [empty, setEmpty] = useState(false);
  const wrong = empty ? words.errors.name_invalid : problem;
  const field = useFocus<HTMLInputElement>('name');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = name.trim();
    if (given === '') return setEmpty(true);
    setEmpty(false);
    keepName(given);
    onName(given);
  };
  return (
    <form class="card narrow" onSubmit={submit}>
      <h1 class="room-code">{room}</h1>
      <label>
        {words.name}
        <input
          name="name"
          dir="auto"
          maxLength={80}
          autocomplete="nickname"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          aria-invalid={wrong !== null}
          required
          ref={field}
        />
      </label>
      {wrong !== null && (
        <p class="problem" role="alert">
          {wrong}
        </p>
      )}
      <div class="row">
        <button type="submit" class="primary">
          {words.join}
        </button>
        <button type="button" class="quiet" onClick={() => setName(suggestName())}>
          {words.surprise}
        </button>
      </div>
    </form>
  );
}

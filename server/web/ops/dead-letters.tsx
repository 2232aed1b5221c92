// Dead letters by kind of failure, each with its stack; put back or dropped here as in the terminal.

import { useState } from 'preact/hooks';
import { type Go, GraveButton, Link } from '../chrome.tsx';
import { ago } from './ago.ts';
import {
  type Acted,
  actOnDead,
  type Dead,
  type DeadWish,
  getDead,
  type Kind,
  type Letter,
  useLooking,
} from './api.ts';

interface DeadLettersProps {
  readonly groups: readonly string[];
  readonly go: Go;
  readonly onChange: () => void;
}

interface Wish {
  readonly room: string;
  readonly group: string;
  readonly type: string;
  readonly minutes: string;
}

const everything: Wish = { room: '', group: '', type: '', minutes: '' };
const everyMs = 3_000;

/** As the selection of the terminal: what is empty selects nothing away. */
function selectionOf({ room, group, type, minutes }: Wish): DeadWish {
  return {
    ...(room === '' ? {} : { room }),
    ...(group === '' ? {} : { group }),
    ...(type === '' ? {} : { type }),
    ...(Number(minutes) > 0 ? { olderThanMs: Number(minutes) * 60_000 } : {}),
  };
}

type Act = (action: 'requeue' | 'drop', what: DeadWish) => void;

export function DeadLetters({ groups, go, onChange }: DeadLettersProps) {
  const [wish, setWish] = useState(everything);
  const [dead, setDead] = useState<Dead | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const selection = selectionOf(wish);
  const query = new URLSearchParams(Object.entries(selection).map(([name, value]) => [name, String(value)]));
  const look = async () => {
    const answer = await getDead(query);
    if ('ok' in answer) setDead(answer.ok);
    else setSaid(answer.problem);
    return 'ok' in answer || !answer.final;
  };
  useLooking(look, everyMs, query.toString());
  const act: Act = async (action, what) => {
    const answer = await actOnDead(action, { ...selection, ...what });
    setSaid('problem' in answer ? answer.problem : toldOf(action, answer.ok, 'dryRun' in what));
    await look();
    onChange();
  };
  return (
    <section class="card" id="dead">
      <div class="head">
        <h2>Dead letters</h2>
        <Filter wish={wish} groups={groups} onWish={setWish} />
      </div>
      {dead?.kinds.length === 0 && <p class="hint">None.</p>}
      {dead?.kinds.map((kind) => (
        <KindOf
          key={kind.fingerprint}
          kind={kind}
          letters={dead.letters.filter(({ fingerprint }) => fingerprint === kind.fingerprint)}
          now={dead.now}
          go={go}
          onAct={act}
        />
      ))}
      <output class="said">{said}</output>
    </section>
  );
}

function toldOf(action: string, { selected, able, done, refused }: Acted, dry: boolean): string {
  const verb = action === 'drop' ? 'dropped' : 'put back';
  const why = refused[0] === undefined ? '' : `; ${refused.length} not: ${refused[0].why}`;
  return dry ? `${able} of ${selected} would be ${verb}${why}` : `${done} of ${selected} ${verb}${why}`;
}

interface FilterProps {
  readonly wish: Wish;
  readonly groups: readonly string[];
  readonly onWish: (wish: Wish) => void;
}

function Filter({ wish, groups, onWish }: FilterProps) {
  const field = (name: 'room' | 'type' | 'minutes', placeholder: string) => (
    <input
      type="search"
      aria-label={placeholder}
      placeholder={placeholder}
      value={wish[name]}
      onInput={(event) => onWish({ ...wish, [name]: event.currentTarget.value.trim() })}
    />
  );
  return (
    <div class="filter">
      {field('room', 'room')}
      <select
        aria-label="group"
        value={wish.group}
        onChange={(event) => onWish({ ...wish, group: event.currentTarget.value })}
      >
        <option value="">every group</option>
        {groups.map((group) => (
          <option key={group}>{group}</option>
        ))}
      </select>
      {field('type', 'event type')}
      {field('minutes', 'older than, min')}
    </div>
  );
}

interface KindProps {
  readonly kind: Kind;
  readonly letters: readonly Letter[];
  readonly now: number;
  readonly go: Go;
  readonly onAct: Act;
}

function KindOf({ kind, letters, now, go, onAct }: KindProps) {
  const { fingerprint, group, message, count, rooms } = kind;
  const stuck = letters.some(({ whyNot }) => whyNot !== null);
  return (
    <article class="letter">
      <details>
        <summary>
          <strong>{count} ×</strong> {group}: {message}{' '}
          <span class="hint">
            {rooms} {rooms === 1 ? 'room' : 'rooms'}, last {ago(now - kind.lastAt)}
          </span>
        </summary>
        <Letters letters={letters} now={now} go={go} />
        {letters[0] !== undefined && letters[0].stack !== '' && <pre>{letters[0].stack}</pre>}
      </details>
      <div class="row">
        <button
          type="button"
          class="quiet small"
          onClick={() => onAct('requeue', { fingerprint, dryRun: true })}
        >
          Try it dry
        </button>
        <button type="button" class="quiet small" onClick={() => onAct('requeue', { fingerprint })}>
          Requeue
        </button>
        {stuck && (
          <GraveButton
            class="quiet small"
            label="Requeue by force"
            sure="Really, once more?"
            onSure={() => onAct('requeue', { fingerprint, force: true })}
          />
        )}
        <GraveButton
          class="quiet small"
          label="Drop"
          sure={`Drop ${count} for good?`}
          onSure={() => onAct('drop', { fingerprint })}
        />
      </div>
    </article>
  );
}

function Letters({ letters, now, go }: Pick<KindProps, 'letters' | 'now' | 'go'>) {
  return (
    <div class="wide-table">
      <table>
        <thead>
          <tr>
            <th>letter</th>
            <th>room</th>
            <th>about</th>
            <th>reason</th>
            <th class="number">put back</th>
            <th class="number">failed</th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <tr key={letter.id}>
              <td>{letter.id}</td>
              <td>
                {letter.room === '' ? (
                  '?'
                ) : (
                  <Link to={`/ops/${letter.room}`} go={go}>
                    {letter.room}
                  </Link>
                )}
              </td>
              <td>{letter.types.join(' ')}</td>
              <td>{letter.reason}</td>
              <td class="number">{letter.requeues} ×</td>
              <td class="number">{ago(now - letter.lastAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

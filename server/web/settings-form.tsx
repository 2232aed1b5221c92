// What the host chooses. Every change is sent at once and shown as the room has it.

import { useEffect, useState } from 'preact/hooks';
import { getTopics } from './api.ts';
import type { Player } from './client/player.ts';
import type { Settings, Topics } from './client/wire.ts';
import { said, topicName, words } from './words.ts';

interface SettingsProps {
  readonly settings: Settings;
  readonly player: Player;
}

type Change = (change: Partial<Settings>) => void;

export function SettingsForm({ settings, player }: SettingsProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const change: Change = async (wish) => {
    const reply = await player.request('settings', wish);
    setProblem('err' in reply ? said(reply.err) : null);
  };
  const { difficulty, rounds, seconds } = settings;
  return (
    <section class="card settings">
      <h2>{words.settings}</h2>
      <TopicChoice topic={settings.topic} onChange={change} />
      <Choice
        label={words.difficulty}
        value={difficulty}
        options={(['adaptive', 'easy', 'normal', 'hard'] as const).map((one) => [one, words[one]])}
        onChoose={(one) => change({ difficulty: one })}
      />
      <div class="pair">
        <Choice
          label={words.rounds}
          value={String(rounds)}
          options={withValue([5, 10, 15, 20], rounds).map((count) => [String(count), String(count)])}
          onChoose={(count) => change({ rounds: Number(count) })}
        />
        <Choice
          label={words.seconds}
          value={String(seconds ?? '')}
          options={[
            ...withValue([10, 15, 20, 30], seconds ?? 15).map((s) => [String(s), `${s} s`] as const),
            ['', words.relaxed],
          ]}
          onChoose={(s) => change({ seconds: s === '' ? null : Number(s) })}
        />
      </div>
      {(['speedPoints', 'streaks', 'autoAdvance', 'locked'] as const).map((name) => (
        <label class="switch" key={name}>
          <input
            type="checkbox"
            checked={settings[name]}
            onChange={(event) => change({ [name]: event.currentTarget.checked })}
          />
          {words[name]}
        </label>
      ))}
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

/** A value that was chosen by other means stays in the list. */
const withValue = (usual: readonly number[], value: number): number[] =>
  [...new Set([...usual, value])].sort((a, b) => a - b);

interface ChoiceProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [value: V, label: string])[];
  readonly onChoose: (value: V) => void;
}

function Choice<V extends string>({ label, value, options, onChoose }: ChoiceProps<V>) {
  const choose = (chosen: string) => {
    const option = options.find(([one]) => one === chosen);
    if (option !== undefined) onChoose(option[0]);
  };
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

const topicCharsMax = 60;

/** Chips for what the data knows, and a field for what models might. */
function TopicChoice({ topic, onChange }: { readonly topic: string | null; readonly onChange: Change }) {
  const [{ topics, any }, setTopics] = useState<Topics>({ topics: [], any: true });
  useEffect(() => {
    void getTopics().then((answer) => 'ok' in answer && setTopics(answer.ok));
  }, []);
  const own = topic !== null && !topics.includes(topic) ? topic : '';
  /** A topic of ours may be typed as it is called in this language. */
  const meant = (text: string) =>
    topics.find((one) => topicName(one).toLowerCase() === text.toLowerCase()) ?? text;
  // What is half typed stays while the room changes around it.
  const [typed, setTyped] = useState(own);
  useEffect(() => setTyped(own), [topic, own]);
  const choose = () => {
    const text = typed.trim();
    if (text !== own) onChange({ topic: text === '' ? null : meant(text) });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    choose();
  };
  return (
    <>
      <fieldset class="chips">
        <legend>{words.topic}</legend>
        {[null, ...topics].map((one) => (
          <label key={one ?? ''} class="chip">
            <input
              type="radio"
              name="topic"
              checked={topic === one}
              onChange={() => onChange({ topic: one })}
            />
            <span>{one === null ? words.anyTopic : topicName(one)}</span>
          </label>
        ))}
      </fieldset>
      <form onSubmit={submit}>
        <label>
          {words.ownTopic}
          <input
            name="own"
            dir="auto"
            maxLength={topicCharsMax}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onBlur={choose}
          />
        </label>
        {own !== '' && !any && <p class="hint">{words.ownTopicUnknown}</p>}
      </form>
    </>
  );
}

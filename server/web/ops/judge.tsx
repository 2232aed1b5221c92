// Is a room's log sound, and was one of its claims wrong: `replay --verify` and `retract` of the terminal.

import { useState } from 'preact/hooks';
import { GraveButton } from '../chrome.tsx';
import { type OpsAnswered, type Retraction, retractRound, type Verified, verifyLog } from './api.ts';

export function Judge({ room }: { readonly room: string }) {
  const [round, setRound] = useState('');
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState<readonly string[]>([]);
  const ask = async <T,>(asking: Promise<OpsAnswered<T>>, tell: (answer: T) => readonly string[]) => {
    setSaid(['One moment…']);
    const answer = await asking;
    setSaid('problem' in answer ? [answer.problem] : tell(answer.ok));
  };
  const retract = () => {
    const wish = { round, ...(reason.trim() === '' ? {} : { reason }) };
    return ask(retractRound(room, wish), toldOfRetraction);
  };
  return (
    <section class="card" id="judge">
      <h3>Is it sound, is it true?</h3>
      <div class="filter">
        <button type="button" class="quiet small" onClick={() => void ask(verifyLog(room), toldOfLog)}>
          Verify
        </button>
        <input
          aria-label="Round, its number or id"
          placeholder="round that was wrong"
          value={round}
          onInput={(event) => setRound(event.currentTarget.value.trim())}
        />
        <input
          aria-label="Reason, for the log"
          placeholder="why"
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        {round !== '' && (
          <GraveButton
            key={round}
            class="quiet small"
            label={`Retract round ${round}`}
            sure={`Take back round ${round} for good?`}
            onSure={() => void retract()}
          />
        )}
      </div>
      <output class="said">
        {said.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </output>
    </section>
  );
}

function toldOfLog({ events, documents, problems }: Verified): readonly string[] {
  if (problems.length > 0) return problems;
  return [`Sound: ${events} events by the rules, ${documents} documents as the log has them.`];
}

function toldOfRetraction({ question, players, factKey, again }: Retraction): readonly string[] {
  if (again) return [`It had been taken back before: ${question}`];
  const gone = `Points of ${players} ${players === 1 ? 'player' : 'players'} are gone`;
  return [`Taken back: ${question}`, `${gone}, and ${factKey} is never asked again.`];
}

// No client learns the truth of a round before its result: every message and every reply is searched for the
// explanations of rounds that had none yet.

import type { RecordedEvent } from '../../../../../core/events.ts';
import type { Data, Entry } from '../history.ts';
import type { Scene } from './lines.ts';
import { disorder, type Problem } from './problem.ts';

/** `told`: the revision at which it may be known. */
interface Secret {
  readonly text: string;
  readonly told: number;
}

export function checkSecrets({ log, entries }: Scene): Problem[] {
  const secrets = secretsOf(log);
  const known = new Map<number, number>();
  return entries.flatMap((entry) => {
    if (entry.kind !== 'frame' && entry.kind !== 'reply') return [];
    const s = knownBy(entry, known.get(entry.line) ?? 0, log);
    if (entry.kind === 'frame' || entry.t === 'join') known.set(entry.line, s);
    const text = JSON.stringify(entry);
    return secrets
      .filter((secret) => secret.told > s && text.includes(secret.text))
      .map((secret) => disorder(`${entry.who} knew at ${s} what was told at ${secret.told}: ${secret.text}`));
  });
}

/** Each as it stands in a message. What was told before for another round is none any more. */
function secretsOf(log: readonly RecordedEvent[]): Secret[] {
  const secrets = new Map<string, Secret>();
  for (const event of log) {
    if (event.type !== 'VALIDATION_COMPLETE' || event.data.verdict === null) continue;
    const { cycleId } = event;
    const told = log.find((one) => one.type === 'ROUND_RESULT' && one.cycleId === cycleId)?.rev;
    const text = JSON.stringify(event.data.verdict.explanation).slice(1, -1);
    const secret = { text, told: told ?? Number.POSITIVE_INFINITY };
    secrets.set(text, { text, told: Math.min(secret.told, secrets.get(text)?.told ?? secret.told) });
  }
  return [...secrets.values()];
}

/** The revision that a client has come to with this: of a reply, by the question that its state shows. */
function knownBy(entry: Entry, before: number, log: readonly RecordedEvent[]): number {
  if (entry.kind === 'frame') return entry.s ?? before;
  if (entry.kind !== 'reply') return before;
  if (entry.t === 'join') return entry.ok?.['s'] ?? before;
  const state = entry.ok?.['state'] as Data | null | undefined;
  if (state === null || state === undefined) return before;
  const { question, lastRoundId } = state;
  const shown = question?.roundId ?? lastRoundId;
  const asked = log.find(({ type, roundId }) => type === 'NEW_QUESTION' && roundId === shown)?.rev ?? 0;
  if (question !== null) return asked;
  return log.find(({ type, rev }) => type === 'NEW_QUESTION' && rev > asked)?.rev ?? log.length;
}

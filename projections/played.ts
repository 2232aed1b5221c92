// What a room has played and taken back, for the memory: a fold like the documents, but it leaves the room.

import type { RecordedEvent } from '../core/events.ts';
import { limits } from '../core/limits.ts';
import type { PlayedQuestion } from '../core/memory.ts';

/** Oldest first, bounded; each with the revision that settled it. */
export interface Played {
  readonly trial: boolean;
  readonly asked: RecordedEvent<'NEW_QUESTION'> | null;
  readonly questions: readonly { readonly rev: number; readonly played: PlayedQuestion }[];
  readonly retracted: readonly { readonly rev: number; readonly factKey: string }[];
}

export const nothingPlayed: Played = { trial: false, asked: null, questions: [], retracted: [] };

export function evolvePlayed(played: Played, event: RecordedEvent): Played {
  const { rev } = event;
  switch (event.type) {
    case 'ROOM_CREATED':
      return { ...played, trial: event.data.trial ?? false };
    case 'NEW_QUESTION':
      return { ...played, asked: event };
    case 'ROUND_RESULT': {
      const { asked } = played;
      const { roundId } = event;
      if (asked === null || roundId === null || asked.roundId !== roundId) return played;
      const { accuracy, ...question } = playedOf(asked, event);
      // What was answered to try things out does not tell how hard a question is.
      const settled = { roundId, ...question, accuracy: played.trial ? null : accuracy };
      const questions = [...played.questions, { rev, played: settled }];
      return { ...played, asked: null, questions: questions.slice(-limits.playedKeptPerRoom) };
    }
    case 'ROUND_VOIDED': {
      const retracted = [...played.retracted, { rev, factKey: event.data.factKey }];
      return { ...played, retracted: retracted.slice(-limits.playedKeptPerRoom) };
    }
    default:
      return played;
  }
}

function playedOf(
  asked: RecordedEvent<'NEW_QUESTION'>,
  { room, at, data }: RecordedEvent<'ROUND_RESULT'>,
): Omit<PlayedQuestion, 'roundId'> {
  const { question, topic, difficulty } = asked.data;
  const { truth, factKey, split } = data;
  const answers = split.FACT + split.FAKE;
  const accuracy = answers === 0 ? null : split[truth] / answers;
  return { room, at, question, topic, difficulty, truth, factKey, accuracy };
}

// Holds what clients were promised against the log: a command that was acknowledged had its effect once, one
// that was refused had none, and one of which nothing is known had it at most once.

import type { RecordedEvent } from '../../../../../core/events.ts';
import type { Data, Ended, Entry } from '../history.ts';
import type { Scene } from './lines.ts';
import { disorder, doubled, lost, type Problem } from './problem.ts';

type Type = RecordedEvent['type'];
type Of<T extends Type> = RecordedEvent<T>;

const of = <T extends Type>(log: readonly RecordedEvent[], type: T): Of<T>[] =>
  log.filter((event): event is Of<T> => event.type === type);

export function checkCommands({ log, entries }: Scene): Problem[] {
  const ended = entries.filter((entry): entry is Ended => entry.kind === 'end');
  const people = playersOf(entries);
  return [
    ...checkIntents(log),
    ...checkPeople(log, ended, people),
    ...checkAnswers(log, ended, people),
    ...ended.flatMap((command) => checkEffect(log, command, people.get(command.who)?.[0] ?? '')),
    ...checkCounts(log, ended),
  ];
}

/** By client, all ids that it was told were its own: there should be one. */
function playersOf(entries: readonly Entry[]): Map<string, string[]> {
  const people = new Map<string, string[]>();
  for (const entry of entries) {
    if (entry.kind !== 'reply' || entry.t !== 'join') continue;
    const id = entry.ok?.['playerId'];
    const known = people.get(entry.who) ?? [];
    if (typeof id === 'string' && !known.includes(id)) people.set(entry.who, [...known, id]);
  }
  return people;
}

/** What one request made stands together: apart, it was done twice. */
function checkIntents(log: readonly RecordedEvent[]): Problem[] {
  const last = new Map<string, number>();
  return log.flatMap(({ intent, rev }) => {
    if (intent === undefined) return [];
    const before = last.get(intent.key);
    last.set(intent.key, rev);
    return before === undefined || before === rev - 1
      ? []
      : [doubled(`the request ${intent.key} acted at ${before} and at ${rev}`)];
  });
}

function checkPeople(
  log: readonly RecordedEvent[],
  ended: readonly Ended[],
  people: ReadonlyMap<string, readonly string[]>,
): Problem[] {
  const joined = of(log, 'PLAYER_JOINED');
  const gone = new Set(
    [...of(log, 'PLAYER_LEFT'), ...of(log, 'PLAYER_KICKED')].map(({ data }) => data.playerId as string),
  );
  const problems: Problem[] = [];
  for (const [who, ids] of people) {
    if (ids.length > 1) problems.push(doubled(`${who} became ${ids.length} players: ${ids.join()}`));
    const times = joined.filter(({ data }) => data.playerId === ids[0]).length;
    if (times !== 1) problems.push(lost(`${who} came in as ${ids[0]}, and joined ${times} times`));
  }
  for (const name of new Set(joined.map(({ data }) => data.name))) {
    const times = joined.filter(({ data }) => data.name === name).length;
    if (times > 1) problems.push(doubled(`${name} joined ${times} times`));
  }
  const removals = of(log, 'PLAYER_KICKED').map(({ data }) => `${data.playerId} banned ${data.banned}`);
  for (const one of new Set(removals)) {
    const times = removals.filter((other) => other === one).length;
    if (times > 1) problems.push(doubled(`${one}: removed ${times} times`));
  }
  for (const { who, t, err, outcome } of ended) {
    const [id] = people.get(who) ?? [];
    if (t === 'join' && err === 'bad_token' && id !== undefined && !gone.has(id))
      problems.push(lost(`${who} was not let in again, and had neither left nor been sent away`));
    // No one can send these away.
    if (t === 'join' && err !== null && outcome === 'refused' && (who === 'host' || who === 'screen'))
      problems.push(lost(`the ${who} was not let in: ${err}`));
  }
  return problems;
}

function checkAnswers(
  log: readonly RecordedEvent[],
  ended: readonly Ended[],
  people: ReadonlyMap<string, readonly string[]>,
): Problem[] {
  const given = ended.filter(({ t }) => t === 'answer');
  const stored = of(log, 'ANSWER_SUBMITTED');
  const ownerOf = new Map([...people].flatMap(([who, ids]) => ids.map((id) => [id, who] as const)));
  const strange = stored.flatMap(({ roundId, rev, data }) => {
    const who = ownerOf.get(data.playerId);
    const mine = given.filter((one) => one.who === who && one.d['roundId'] === roundId);
    const wanted = mine.filter(({ d, outcome }) => d['answer'] === data.answer && outcome !== 'refused');
    return wanted.length > 0 ? [] : [disorder(`the answer at ${rev} was refused, or given by no one`)];
  });
  const problems = given.flatMap(({ who, d, outcome, ok, err }) => {
    const [id] = people.get(who) ?? [];
    const all = stored.filter(({ roundId, data }) => roundId === d['roundId'] && data.playerId === id);
    const [first] = all;
    const what = `the answer of ${who} in ${d['roundId']}`;
    if (all.length > 1) return [doubled(`${what} stands ${all.length} times`)];
    if (err === 'already_answered' && (first === undefined || first.data.answer === d['answer']))
      return [lost(`${what} was refused for another one, the log has ${first?.data.answer}`)];
    if (outcome !== 'ok') return [];
    if (first === undefined) return [lost(`${what} was acknowledged, and is not there`)];
    const same = first.data.answer === d['answer'] && first.at === ok?.['at'];
    return same ? [] : [lost(`${what} was acknowledged as ${JSON.stringify(ok)}, the log has another`)];
  });
  return [...strange, ...problems];
}

/** The effect that an acknowledged command has once, whatever happened. */
function checkEffect(log: readonly RecordedEvent[], command: Ended, playerId: string): Problem[] {
  if (command.outcome !== 'ok') return [];
  const effects = effectsOf(log, command, playerId);
  if (effects === null) return [];
  const { who, t, d } = command;
  const what = `${t} ${JSON.stringify(d)} of ${who}`;
  if (effects.length === 0) return [lost(`${what} was acknowledged, and has no effect`)];
  return effects.length === 1 ? [] : [doubled(`${what} was done ${effects.length} times`)];
}

function effectsOf(
  log: readonly RecordedEvent[],
  { t, d }: Ended,
  playerId: string,
): readonly unknown[] | null {
  const ofRound = (...types: Type[]) =>
    log.filter(({ type, roundId }) => roundId === d['roundId'] && types.includes(type));
  switch (t) {
    case 'start': {
      const starts = of(log, 'GAME_START');
      return starts.filter((_, index) => (starts[index - 1]?.game ?? null) === d['after']);
    }
    case 'end':
      return of(log, 'GAME_OVER').filter(({ game }) => game === d['game']);
    case 'kick':
      return firstOf(of(log, 'PLAYER_KICKED').filter(({ data }) => data.playerId === d['playerId']));
    case 'ban':
      return of(log, 'PLAYER_KICKED').filter(({ data }) => data.playerId === d['playerId'] && data.banned);
    case 'leave':
      return firstOf(
        [...of(log, 'PLAYER_LEFT'), ...of(log, 'PLAYER_KICKED')].filter(
          ({ data }) => data.playerId === playerId,
        ),
      );
    case 'report':
      return of(log, 'CLAIM_REPORTED').filter(
        ({ roundId, data }) => roundId === d['roundId'] && data.playerId === playerId,
      );
    case 'retract':
      return ofRound('ROUND_VOIDED');
    case 'skip':
      return firstOf(ofRound('ROUND_SKIPPED', 'ROUND_COMPLETE'));
    case 'close':
      return firstOf([...ofRound('ROUND_CLOSED', 'ROUND_SKIPPED'), ...endOf(log, d['roundId'])]);
    case 'settings':
      return firstOf(settingsOf(log).filter((settings) => holds(settings, d)));
    default:
      return null;
  }
}

/** Where one of several will do. */
const firstOf = <T>(all: readonly T[]): readonly T[] => all.slice(0, 1);

/** The end of the game of a round: with it every round is shut. */
function endOf(log: readonly RecordedEvent[], roundId: string): RecordedEvent[] {
  const asked = of(log, 'NEW_QUESTION').find((event) => event.roundId === roundId);
  return of(log, 'GAME_OVER').filter(({ game }) => game === asked?.game);
}

const settingsOf = (log: readonly RecordedEvent[]): Data[] =>
  log.flatMap((event) =>
    event.type === 'SETTINGS_CHANGED' || event.type === 'ROOM_CREATED' ? [event.data.settings] : [],
  );

const holds = (settings: Data, change: Data): boolean =>
  Object.entries(change).every(([name, value]) => name === 'key' || settings[name] === value);

/** Of what may be done again and again: as often as was acknowledged, at most as often as was asked. */
function checkCounts(log: readonly RecordedEvent[], ended: readonly Ended[]): Problem[] {
  const asked = (t: string, outcomes: readonly string[], roundId: string | null = null) =>
    ended.filter(
      (one) =>
        one.t === t && outcomes.includes(one.outcome) && (roundId === null || one.d['roundId'] === roundId),
    ).length;
  const problems: Problem[] = [];
  for (const { roundId } of of(log, 'NEW_QUESTION')) {
    const times = of(log, 'ROUND_EXTENDED').filter((event) => event.roundId === roundId).length;
    const least = asked('extend', ['ok'], roundId);
    const most = least + asked('extend', ['unknown'], roundId);
    if (times < least) problems.push(lost(`${roundId} was extended ${times} times, acknowledged ${least}`));
    if (times > most) problems.push(doubled(`${roundId} was extended ${times} times, asked ${most}`));
  }
  const pauses = of(log, 'GAME_PAUSED').filter(({ data }) => data.reason === 'host').length;
  const bounds: readonly (readonly [string, number, number])[] = [
    ['pauses', pauses, asked('pause', ['ok', 'unknown'])],
    ['starts', of(log, 'GAME_START').length, asked('start', ['ok', 'unknown'])],
    ['settings', of(log, 'SETTINGS_CHANGED').length, asked('settings', ['ok', 'unknown'])],
    ['retractions', of(log, 'ROUND_VOIDED').length, asked('retract', ['ok', 'unknown'])],
    [
      'departures',
      of(log, 'PLAYER_KICKED').length,
      asked('kick', ['ok', 'unknown']) + asked('ban', ['ok', 'unknown']),
    ],
    ['leavings', of(log, 'PLAYER_LEFT').length, asked('leave', ['ok', 'unknown'])],
  ];
  for (const [what, times, most] of bounds)
    if (times > most) problems.push(doubled(`${times} ${what}, asked ${most}`));
  return problems;
}

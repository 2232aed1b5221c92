// Every field that may leave the server towards people, written out: what is not named here is not for them.
// Shares nothing with the schemas or the views of the source, so that a field that is added there by mistake
// is a stray here.

/** What a field may hold: true for a plain value, or the fields below it. Lists are looked through. */
export interface Shape {
  readonly [field: string]: true | Shape;
}

const fields = (names: string): Shape => Object.fromEntries(names.split(' ').map((name) => [name, true]));

const settings = fields('topic difficulty rounds seconds streaks speedPoints autoAdvance locked');
const entry = fields('playerId name score rank change');
const question = fields('roundId cycleId round rounds question topic difficulty opensAt deadline');
const source = fields('name url');
const split = fields('FACT FAKE none');
const result: Shape = {
  ...fields('roundId round question truth explanation confidence'),
  source,
  split,
  origin: fields('provider model'),
};
const you = fields('roundId answer correct points score streak rank change right counted');

const roomState: Shape = {
  ...fields('room epoch phase closed game round rounds lastRoundId playerCount members nextAt nextReady'),
  settings,
  question,
  result,
  entries: entry,
  players: fields('playerId name'),
  paused: fields('reason remainingMs'),
  podium: entry,
};
const ownState: Shape = { ...roomState, ...fields('yourAnswer eligible'), you };
const newState: Shape = { state: ownState };

/** The `d` of each room event. */
export const eventFields: Readonly<Record<string, Shape>> = {
  SETTINGS_CHANGED: { settings },
  PLAYER_JOINED: fields('playerId name'),
  PLAYER_LEFT: fields('playerId name'),
  PLAYER_KICKED: fields('playerId name reason'),
  GAME_START: { game: true, settings },
  NEW_QUESTION: question,
  ROUND_CLOSED: fields('roundId reason'),
  ROUND_RESULT: result,
  LEADERBOARD_UPDATE: { entries: entry, playerCount: true },
  ROUND_COMPLETE: fields('round rounds nextAt'),
  ROUND_EXTENDED: fields('roundId opensAt deadline'),
  ROUND_SKIPPED: fields('roundId reason nextAt'),
  ROUND_VOIDED: { ...fields('roundId reason'), podium: entry },
  GAME_PAUSED: fields('reason remainingMs'),
  GAME_RESUMED: fields('roundId opensAt deadline nextAt'),
  GAME_OVER: { game: true, podium: entry, entries: entry },
};

/** The `d` of each message without `s`. */
export const volatileFields: Readonly<Record<string, Shape>> = {
  you,
  crowd: fields('members'),
  tick: fields('roundId answered players'),
  presence: fields('playerId connected'),
  agents: fields('stage nextReady'),
};

/** The `ok` of each request. */
export const replyFields: Readonly<Record<string, Shape>> = {
  join: {
    ...fields('role playerId token epoch s recovered serverTime'),
    state: ownState,
    you,
    limits: fields('frameBytes messagesPerSecond'),
  },
  answer: fields('roundId answer at'),
  ...Object.fromEntries(
    ['start', 'end', 'pause', 'resume', 'settings', 'kick', 'ban', 'skip', 'close', 'next', 'extend'].map(
      (verb) => [verb, newState],
    ),
  ),
  leave: {},
  report: {},
  ping: fields('serverTime'),
};

export const refusalFields = fields('code message reason retry retryAfterMs');

const boardRow = fields('name score rounds game at');
const pastResult: Shape = { ...fields('truth explanation'), source, split };
const pastRound: Shape = { ...fields('roundId round question topic difficulty status'), result: pastResult };

/** What is read over HTTP, by its route. */
export const httpFields: Readonly<Record<string, Shape>> = {
  '/api/rooms/:room': roomState,
  '/api/boards': { today: boardRow, allTime: boardRow },
  '/api/games/:game': {
    ...fields('game room trial startedAt endedAt playerCount'),
    settings: fields('topic difficulty rounds seconds'),
    entries: entry,
    rounds: pastRound,
  },
};

/** Documents that are made for players, by their name without the room. */
export const documentFields: Readonly<Record<string, Shape>> = {
  'game:state': { rev: true, ...roomState },
  'game:round': { ...fields('rev round game status'), question, result },
  'game:leaderboard': { ...fields('rev game round playerCount'), entries: entry },
};

/** Paths in a value that the shape does not name; none when it is all allowed. */
export function strayFields(value: unknown, shape: Shape, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => strayFields(item, shape, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const path = at === '' ? field : `${at}.${field}`;
    const allowed = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (allowed === undefined) return [path];
    if (allowed === true) return isPlain(inner) ? [] : [`${path} holds more than a value`];
    return strayFields(inner, allowed, path);
  });
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Where a verdict of a round stands that has no result yet. `roundId` is that of what is around. */
export function verdictsTooEarly(
  value: unknown,
  revealed: ReadonlySet<string>,
  { at = '', roundId = '' } = {},
): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => verdictsTooEarly(item, revealed, { at: `${at}[]`, roundId }));
  }
  if (typeof value !== 'object' || value === null) return [];
  const about = 'roundId' in value && typeof value.roundId === 'string' ? value.roundId : roundId;
  return Object.entries(value).flatMap(([field, inner]) => {
    const path = `${at}.${field}`;
    const early = inner !== null && telling.has(field) && !revealed.has(about);
    const below = verdictsTooEarly(inner, revealed, { at: path, roundId: about });
    return early ? [path, ...below] : below;
  });
}

const telling: ReadonlySet<string> = new Set(['truth', 'correct', 'explanation', 'confidence', 'split']);

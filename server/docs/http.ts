// What is asked over plain HTTP, for the page that describes it. A test holds it against what the server
// serves.

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly gives: string;
}

/** Refusals are `{ err: { code, message, retry } }` with a status of 400 or more. */
export const endpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/api/rooms',
    gives:
      '201 with room, hostToken and joinUrl. The body is any part of the settings, or nothing; with trial: true the room is for trying things out, and stands on no board. With a header Idempotency-Key (16 or more characters by chance, which are as secret as the hostToken) it may be sent again and gives the same room.',
  },
  { method: 'GET', path: '/api/rooms/:room', gives: 'what anybody may see of a room' },
  {
    method: 'GET',
    path: '/api/topics',
    gives: 'topics to choose from; any: whether a model finds claims on others, too',
  },
  { method: 'GET', path: '/api/boards', gives: 'the boards of today and of all time' },
  { method: 'GET', path: '/api/games/:game', gives: 'every question of a game that is over' },
  { method: 'GET', path: '/health', gives: '200 while the store answers and takes writes, else 503' },
  { method: 'GET', path: '/ready', gives: '200 when people can play, else 503; degraded says what is wrong' },
];

/** Settings as a host may send them; what is left out is as the server has it. */
export const settingsExample = { topic: 'Space', difficulty: 'hard', rounds: 5, seconds: 15 };

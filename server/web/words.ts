// Every word of the page in one place, so that another language is another file.

export const words = {
  title: 'Fact or Fake',
  lead: 'Four agents make a claim. You say whether it is true.',
  join: 'Join',
  joinTitle: 'Join a game',
  code: 'Room code',
  name: 'Your name',
  create: 'Create a room',
  createTitle: 'Host a game',
  topic: 'Topic (empty: all of them)',
  rounds: 'Rounds',
  seconds: 'Seconds per question',
  relaxed: 'no clock',
  start: 'Start the game',
  again: 'Play again',
  close: 'Close the round',
  next: 'Next question',
  skip: 'Skip',
  pause: 'Pause',
  resume: 'Go on',
  extend: '+10 s',
  end: 'End the game',
  remove: 'Remove',
  invite: 'Others join with this code, or at',
  waitingForHost: 'Waiting for the host to start.',
  nobody: 'Nobody is here yet.',
  getReady: 'Get ready…',
  nextSoon: 'The next question is on its way.',
  hostDecides: 'The host decides when to go on.',
  paused: 'Paused',
  fact: 'FACT',
  fake: 'FAKE',
  locked: 'Locked in',
  noAnswer: 'You gave no answer.',
  right: 'Right',
  wrong: 'Wrong',
  source: 'Source',
  sure: 'The editor is sure to',
  leaderboard: 'Leaderboard',
  over: 'Game over',
  reconnecting: 'Reconnecting… your score is safe.',
  ended: 'The connection has ended.',
  home: 'To the start',
  away: 'away',
  fromNext: 'You play from the next question on.',
} as const;

export const isIt = (truth: string): string => `It is ${truth}.`;
export const youSaid = (answer: string): string => `You said ${answer}.`;
export const answeredBy = (answered: number, players: number): string =>
  `${answered} of ${players} have answered`;
export const roundOf = (round: number, rounds: number): string => `Round ${round} of ${rounds}`;
export const points = (count: number): string => `+${count} points`;
export const place = (rank: number, score: number): string => `Place ${rank}, ${score} points`;
export const secondsLeft = (seconds: number): string => `${seconds} seconds left`;

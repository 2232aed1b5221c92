// The game that the examples are from, as it was really played: who and what its frames name, and its room at
// three moments. What several frames share stands here once.

export const room = 'Q5AW6K';
export const hostToken = 'GUYNnIkMyneiqlrA8uUQdw';
export const epoch = '01M8EJ5QV376NK45YKVM5XEKTR';
export const game = '01M8EJ5RSNJ3J97QJXZTAE6RER';
export const ada = { playerId: '01M8EJ5RGZAHH6TGGQ63431B6G', name: 'Ada' };
export const bo = { playerId: '01M8EJ5RK54HW8ZPAFYKA0T1MT', name: 'Bo' };
export const cy = { playerId: '01M8EJ5RN9YYG6SFQ0RHTZQ21N', name: 'Cy' };
export const dee = { playerId: '01M8EJ6ME5MHCPXKFJVYPJFTG2', name: 'Dee' };
export const adasToken = 'F6FaJ2hiULJyI2pQVcBG4HX83eKYPFCAeFvyUJ-st7E';
export const firstRound = '01M8EJ5WG0H8YH1SVC5V2S981M';
export const secondRound = '01M8EJ643CCPZCCKAXGADVJ38F';
const thirdRound = '01M8EJ6DSTKQQ2NBCSDTB1T8QB';

/** Settings of the room as it was made, and as its host then changed them. */
export const asMade = {
  topic: 'Space',
  difficulty: 'hard',
  rounds: 5,
  seconds: 15,
  streaks: true,
  speedPoints: true,
  autoAdvance: true,
  locked: false,
};
export const settings = { ...asMade, seconds: 20 };

export const question = {
  roundId: firstRound,
  cycleId: '01M8EJ5WG0AX70HDFD1JKFSP7Q',
  round: 1,
  rounds: 5,
  question: 'On 19 April 2004 there was a total eclipse of the Sun.',
  topic: 'Space',
  difficulty: 'hard',
  opensAt: 1_795_785_162_182,
  deadline: 1_795_785_182_182,
};
export const nextQuestion = {
  roundId: secondRound,
  cycleId: '01M8EJ5QZGRTAZRZD1HDAY289G',
  round: 2,
  rounds: 5,
  question: 'You would weigh more on Neptune than on Uranus.',
  topic: 'Space',
  difficulty: 'hard',
  opensAt: 1_795_785_169_958,
  deadline: 1_795_785_189_958,
};
const result = {
  roundId: thirdRound,
  round: 3,
  question: "The Moon was full or nearly so on the night of New Year's Eve 2024.",
  truth: 'FAKE',
  explanation:
    "On the night of New Year's Eve 2024, about 1 per cent of the disc was lit. It stood close to the Sun, " +
    'so the night was dark and full of stars wherever the sky was clear.',
  source: { name: 'computed after Jean Meeus', url: 'https://aa.usno.navy.mil/data/MoonFraction' },
  confidence: 0.94,
  split: { FACT: 0, FAKE: 3, none: 0 },
  origin: { provider: 'embedded', model: 'knowledge' },
};

const board = [
  { ...ada, score: 0, rank: 1, change: 0 },
  { ...bo, score: 0, rank: 1, change: 0 },
  { ...cy, score: 0, rank: 1, change: 0 },
];
const players = [ada, bo, cy];
export const firstBoard = [
  { ...ada, score: 985, rank: 1, change: 0 },
  { ...bo, score: 0, rank: 2, change: 0 },
  { ...cy, score: 0, rank: 2, change: 0 },
];
const winner = { ...ada, score: 1964, rank: 1, change: 0 };
const runnerUp = { ...bo, score: 919, rank: 2, change: 0 };
export const lastBoard = [winner, runnerUp];
export const podium = [[winner], [runnerUp]];

/** The room as its host was told of it, before the game. */
export const lobby = {
  room,
  epoch,
  phase: 'lobby',
  closed: false,
  game: null,
  settings,
  round: 0,
  rounds: 5,
  question: null,
  lastRoundId: null,
  result: null,
  entries: board,
  playerCount: 3,
  players,
  paused: null,
  nextAt: null,
  podium: null,
  nextReady: false,
  you: null,
  yourAnswer: null,
  eligible: false,
};

/** While its first question is asked. */
export const asked = {
  ...lobby,
  phase: 'question',
  game,
  round: 1,
  question: { ...question, deadline: 1_795_785_183_019 },
  lastRoundId: firstRound,
  nextReady: true,
};

/** Between its third and its fourth question. */
export const revealed = {
  ...asked,
  phase: 'waiting',
  round: 3,
  question: null,
  lastRoundId: thirdRound,
  result,
  entries: lastBoard,
  playerCount: 2,
  players: [ada, bo],
  nextAt: 1_795_785_189_573,
};

/** What a player is told of himself before the first round. */
export const newcomer = {
  roundId: null,
  answer: null,
  correct: null,
  points: 0,
  score: 0,
  streak: 0,
  rank: 0,
  change: 0,
  right: 0,
  counted: 0,
};
export const limits = { frameBytes: 4096, messagesPerSecond: 10 };

// Frames as they really are, for the description of the protocol. A test holds each against its schema.

export interface Example {
  /** As the message is called in the description. */
  readonly message: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const roundId = '01M870QK3VV2G7P8B4M6V5Y8ZB';
const playerId = '01M870QH0M5W7S8H1D3N2K4R6T';
const at = 1_795_530_085_791;

export const examples: readonly Example[] = [
  {
    message: 'request.join',
    payload: { id: 1, t: 'join', d: { room: 'XJKZNM', name: 'Ada', nonce: '3f6c1f0e9d5b4a7c8e2d1b0a' } },
  },
  {
    message: 'request.join',
    payload: { id: 1, t: 'join', d: { room: 'XJKZNM', token: 'c2VjcmV0', epoch: '01M8', s: 18 } },
  },
  { message: 'request.answer', payload: { id: 2, t: 'answer', d: { roundId, answer: 'FAKE' } } },
  { message: 'request.start', payload: { id: 3, t: 'start', d: { after: null } } },
  { message: 'request.extend', payload: { id: 4, t: 'extend', d: { roundId, ms: 10_000 } } },
  {
    message: 'request.report',
    payload: { id: 5, t: 'report', d: { roundId, reason: 'It is out of date.' } },
  },
  { message: 'request.ping', payload: { id: 6, t: 'ping' } },
  { message: 'reply.answer', payload: { id: 2, ok: { roundId, answer: 'FAKE', at } } },
  { message: 'reply.ping', payload: { id: 6, ok: { serverTime: at } } },
  {
    message: 'refusal',
    payload: { id: 2, err: { code: 'too_late', message: 'This round is closed.', retry: false } },
  },
  {
    message: 'event.NEW_QUESTION',
    payload: {
      s: 18,
      t: 'NEW_QUESTION',
      at,
      d: {
        roundId,
        cycleId: '01M870QJ7E0N9Q3X2C5V8B1M4K',
        round: 1,
        rounds: 10,
        question: 'The capital city of Belarus is called Riga.',
        topic: 'Geography',
        difficulty: 'normal',
        opensAt: at + 3_000,
        deadline: at + 18_000,
      },
    },
  },
  {
    message: 'event.ROUND_RESULT',
    payload: {
      s: 24,
      t: 'ROUND_RESULT',
      at,
      d: {
        roundId,
        round: 1,
        question: 'The capital city of Belarus is called Riga.',
        truth: 'FAKE',
        explanation: 'Riga is the capital of Latvia; that of Belarus is Minsk.',
        source: { name: 'GeoNames', url: 'https://www.geonames.org/countries/' },
        confidence: 0.97,
        split: { FACT: 3, FAKE: 5, none: 1 },
        origin: { provider: 'embedded', model: 'knowledge' },
      },
    },
  },
  {
    message: 'event.you',
    payload: {
      t: 'you',
      d: { roundId, answer: 'FAKE', correct: true, points: 900, score: 1_850, streak: 2, rank: 1 },
    },
  },
  { message: 'event.tick', payload: { t: 'tick', at, d: { roundId, answered: 418, players: 1_000 } } },
  { message: 'event.presence', payload: { t: 'presence', at, d: [{ playerId, connected: false }] } },
];

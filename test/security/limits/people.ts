// Limits of what people send: names, requests, frames, sockets, connections.

import { RoomCode } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import { joinPlayer } from '../../../core/lobby.ts';
import { parseName } from '../../../core/names.ts';
import { isPlain } from '../../../core/plain-text.ts';
import { createCounter } from '../../../server/live/budgets.ts';
import { aPlayerId, aRoom, roomOf } from '../../support/histories.ts';
import { throughTheDoor } from './door.ts';
import { deskFor, frameOf, inABody, lastOfWishes, roomFor } from './http.ts';
import { by, each, type Judged, least, most, noLimit, text } from './judged.ts';
import { asked, lastOfSockets, onALine, ping } from './line.ts';
import { whole } from './requests.ts';

/** A request in which one field is a text of so many characters. */
const chars = (t: keyof typeof whole, field: string) => (count: number) =>
  asked(t, { ...whole[t], [field]: text(count) });
const number = (t: keyof typeof whole, field: string) => (value: number) =>
  asked(t, { ...whole[t], [field]: value });

const invalid = 'invalid_payload';
const family = '👩\u200d👩\u200d👧\u200d👦';
const named = (name: string): string => {
  const parsed = parseName(name);
  return 'problem' in parsed ? parsed.problem : 'taken';
};
const plain = (said: string): string => (isPlain(said) ? 'taken' : 'marks');

/** Whoever looks like so many characters, and what comes of the join. */
function joinedLooking(count: number): unknown {
  const looks = { exact: text(count), folded: text(count), reserved: false };
  const command = { type: 'joinPlayer', playerId: aPlayerId(), name: 'Ada', looks, nonceHash: 'h' } as const;
  const decision = joinPlayer(command, roomOf(aRoom()()));
  return 'rejected' in decision ? decision.rejected : 'taken';
}

const code = (count: number): string => (RoomCode.safeParse('A'.repeat(count)).success ? 'taken' : 'no code');

/** Pings of a client that waits for nothing: whether one of them is refused, or the line is closed. */
const pings = (count: number) =>
  onALine((line) => {
    for (let n = 0; n < count; n++) line.say(ping);
    return line.closed() ?? (line.replies.includes('rate_limited') ? 'rate_limited' : 'taken');
  });

/** The same when the first were long ago. */
const pingsAfterASecond = (count: number) =>
  onALine((line) => {
    for (let n = 0; n < limits.messagesBurst; n++) line.say(ping);
    line.clock.now += 1_000;
    for (let n = 0; n < count; n++) line.say(ping);
    return line.replies.includes('rate_limited') ? 'rate_limited' : 'taken';
  });

const refusals = (count: number) =>
  onALine((line) => {
    for (let n = 0; n < limits.messagesBurst + count; n++) line.say(ping);
    return line.closed() ?? 'taken';
  });

const mistakes = (count: number) =>
  onALine((line) => {
    for (let n = 0; n < count; n++) line.say('no JSON');
    return line.closed() ?? 'taken';
  });

const controls = (kind: 'ping' | 'pong') => (count: number) =>
  onALine((line) => {
    line.clock.now = 1;
    for (let n = 0; n < count; n++) line.control(kind);
    return line.closed() ?? 'taken';
  });

const pulses = (count: number) =>
  onALine((line) => {
    const alive = Array.from({ length: count }, () => line.connection.checkPulse());
    return alive.at(-1) === true ? 'taken' : 'away';
  });

/** Whether an address is still known after so many others. */
function knownAfter(others: number): string {
  const counter = createCounter(1);
  counter.count('first', 0);
  for (let n = 0; n < others; n++) counter.count(`other ${n}`, 0);
  return counter.allows('first', 0) ? 'forgotten' : 'known';
}

const unentered = (title: string) => by('test/server/rooms/unentered.int.test.ts', title);
const addresses = (title: string) => by('test/server/http/address-limits.unit.test.ts', title);
const lines = (title: string) => by('test/server/http/connections.int.test.ts', title);
const silent = lines('a line that wants nothing of us, or never ends, is gone within its time');
const five = lines('trusting %j, of six of one address so many are let in: %j');
const behind = (title: string) => by('test/server/fan-out/client-socket.unit.test.ts', title);
const pace = noLimit('a pace of ours');

const names = {
  nameGraphemesMin: least(limits.nameGraphemesMin, (count) => named(text(count)), 'length'),
  nameGraphemesMax: most(limits.nameGraphemesMax, (count) => named(text(count)), 'length'),
  nameCharsMax: each(
    // A family is eleven characters and one grapheme.
    most(limits.nameCharsMax, (count) => named(family.repeat(7) + text(count - 77)), 'length'),
    most(limits.nameCharsMax * 8, chars('join', 'name'), invalid),
  ),
  looksCharsMax: most(limits.looksCharsMax, joinedLooking, 'name_invalid'),
  marksMax: most(
    limits.marksMax,
    (count) => plain(`a${'\u0316\u0323\u0331\u0330'.slice(0, count)}`),
    'marks',
  ),
  stackedMarksMax: most(
    limits.stackedMarksMax,
    (count) => plain(`\u05d0${'\u05b0\u05b1\u05b4\u05b7\u05bc'.slice(0, count)}`),
    'marks',
  ),
  roomCodeChars: each(
    most(limits.roomCodeChars, code, 'no code'),
    least(limits.roomCodeChars, code, 'no code'),
  ),
};

const requests = {
  idCharsMax: each(
    ...(['answer', 'skip', 'close', 'next', 'extend', 'report'] as const).map((t) =>
      most(limits.idCharsMax, chars(t, 'roundId'), invalid),
    ),
    most(limits.idCharsMax, chars('join', 'room'), invalid),
    most(limits.idCharsMax, chars('kick', 'playerId'), invalid),
    most(limits.idCharsMax, chars('pause', 'key'), invalid),
    most(
      limits.idCharsMax,
      (count) => deskFor('/rooms/AAAAAA/retract', { round: text(count) }),
      'bad_request',
    ),
  ),
  intentKeyCharsMin: each(
    least(limits.intentKeyCharsMin, chars('pause', 'key'), invalid),
    least(
      limits.intentKeyCharsMin,
      (count) => deskFor('/rooms/AAAAAA/retract', { round: '1' }, { 'idempotency-key': text(count) }),
      'bad_request',
    ),
  ),
  nonceCharsMin: each(
    least(limits.nonceCharsMin, chars('join', 'nonce'), invalid),
    least(limits.nonceCharsMin, (count) => roomFor(JSON.stringify({ nonce: text(count) })), invalid),
    least(limits.nonceCharsMin, (count) => roomFor('{}', { 'idempotency-key': text(count) }), invalid),
  ),
  nonceCharsMax: each(
    most(limits.nonceCharsMax, chars('join', 'nonce'), invalid),
    most(limits.nonceCharsMax, (count) => roomFor(JSON.stringify({ nonce: text(count) })), invalid),
    most(limits.nonceCharsMax, (count) => roomFor('{}', { 'idempotency-key': text(count) }), invalid),
    most(
      limits.nonceCharsMax,
      (count) => deskFor('/rooms/AAAAAA/retract', { round: '1' }, { 'idempotency-key': text(count) }),
      'bad_request',
    ),
  ),
  tokenCharsMax: most(limits.tokenCharsMax, chars('join', 'token'), invalid),
  reportReasonCharsMax: each(
    most(limits.reportReasonCharsMax, chars('report', 'reason'), invalid),
    most(
      limits.reportReasonCharsMax,
      (count) => deskFor('/rooms/AAAAAA/retract', { round: '1', reason: text(count) }),
      'bad_request',
    ),
  ),
  topicCharsMax: each(
    most(limits.topicCharsMax, chars('settings', 'topic'), invalid),
    most(limits.topicCharsMax, (count) => roomFor(JSON.stringify({ topic: text(count) })), invalid),
  ),
  roundsMin: least(limits.roundsMin, number('settings', 'rounds'), invalid),
  roundsMax: most(limits.roundsMax, number('settings', 'rounds'), invalid),
  secondsMin: least(limits.secondsMin, number('settings', 'seconds'), invalid),
  secondsMax: most(limits.secondsMax, number('settings', 'seconds'), invalid),
  extendMsMax: most(limits.extendMsMax, number('extend', 'ms'), invalid),
};

const frames = {
  frameBytesMax: each(
    most(
      limits.frameBytesMax,
      (bytes) => onALine((line) => line.ask(frameOf(bytes))),
      'payload_too_large',
      'not_joined',
    ),
    most(limits.frameBytesMax, (bytes) => roomFor(inABody(bytes)), 'payload_too_large'),
    most(
      limits.frameBytesMax,
      (bytes) => deskFor('/rooms/AAAAAA/retract', '{"round":"1"}'.padEnd(bytes), {}),
      'bad_request',
    ),
  ),
  // 1009: a message that is too big (RFC 6455, 7.4.1).
  framePayloadBytesMax: most(limits.framePayloadBytesMax, throughTheDoor, 1009),
  framePiecesMax: by(
    'test/server/http/door.unit.test.ts',
    'takes a message in so many pieces, and ends the connection with 1008 at one more',
  ),
  frameChunksMax: by(
    'test/server/http/door.unit.test.ts',
    'keeps no more than so many pieces of TCP of what is not yet whole',
  ),
  messagesBurst: most(limits.messagesBurst, pings, 'rate_limited'),
  messagesPerSecond: most(limits.messagesPerSecond, pingsAfterASecond, 'rate_limited'),
  refusalsPerMinuteMax: most(limits.refusalsPerMinuteMax, refusals, 4500),
  protocolErrorsPerMinuteMax: most(limits.protocolErrorsPerMinuteMax, mistakes, 4500),
  controlFramesPerMinuteMax: each(
    most(limits.controlFramesPerMinuteMax, controls('ping'), 4500),
    most(limits.controlFramesPerMinuteMax, controls('pong'), 4500),
  ),
  pongsPendingMax: by(
    'test/server/protocol.int.test.ts',
    'is cut off where its pings come faster than pongs go out',
  ),
  pingMissesMax: most(limits.pingMissesMax, pulses, 'away'),
  pingEveryMs: pace,
  joinWithinMs: silent,
  closeWithinMs: silent,
  socketBehindBytes: behind(
    'is spared what nobody has to get, from the first byte too many on and until it has caught up',
  ),
  socketBehindBytesMax: behind('too much of it is asked to come back, and is written nothing more'),
  socketBehindMsMax: behind(
    'for too long is asked to come back, and a peer that reads nothing at all is cut off',
  ),
};

const ofAddresses = {
  joinsPerMinutePerAddress: addresses(
    'a full room comes in from one address, and comes back when its server starts again',
  ),
  guessesPerMinutePerAddress: addresses(
    'who guesses codes or tokens is told nothing any more, and who has a token comes back all the same',
  ),
  roomsPerMinutePerAddress: most(
    limits.roomsPerMinutePerAddress,
    lastOfWishes,
    'rate_limited',
    'invalid_json',
  ),
  socketsPerAddress: most(limits.socketsPerAddress, lastOfSockets, 4005),
  addressesCountedMax: most(limits.addressesCountedMax - 1, knownAfter, 'forgotten', 'known'),
  unenteredRoomsPerAddress: unentered('an address may have so many, wherever they are entered'),
  unenteredRoomsMax: unentered(
    'over HTTP a room is refused while all places are young, with when to ask again, and made as soon as one is not',
  ),
  unenteredKeptMs: unentered(
    'one that nobody entered is forgotten after a day, with all that it had; a host or a player keeps it',
  ),
  unenteredYoungMs: unentered(
    'the oldest go where too many wait, and none within the minute in which its maker comes',
  ),
  unenteredLot: noLimit('how many go at once; the others go next'),
  connectionsPerAddress: five,
  connectionsMax: five,
  headersWithinMs: silent,
  requestWithinMs: silent,
  requestsLookedAtMs: pace,
  headerBytesMax: by(
    'test/server/strangers.int.test.ts',
    'with as many bytes of headers as may be is answered, and one with more is refused',
  ),
  headersMax: by(
    'test/server/strangers.int.test.ts',
    '%s with more headers than may be is refused, and none is left out',
  ),
  keepAliveMs: silent,
  lingerMs: silent,
  silentLineMs: lines('a reply that is not taken is given up'),
};

export const ofPeople = {
  ...names,
  ...requests,
  ...frames,
  ...ofAddresses,
} satisfies Partial<Record<keyof typeof limits, Judged>>;

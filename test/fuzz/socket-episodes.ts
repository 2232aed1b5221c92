// Episodes over a WebSocket: requests of every role in every order, well formed and bent; and bytes that are
// no frames, or none that a client may send.

import { deflateRawSync } from 'node:zlib';
import { type Chance, chanceOf } from './chance.ts';
import type { Episode, Step } from './episode.ts';
import { bent, broken, fitting, verbs } from './requests.ts';
import { type FrameShape, plainText } from './wire-frames.ts';

export const handshake = (more: readonly string[] = [], path = '/ws'): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: arena.v1.json',
    'X-Forwarded-For: «address»',
    ...more,
    '',
    '',
  ].join('\r\n');

const ends = (chance: Chance): Episode['ends'] => chance.pick(['close', 'close', 'fin', 'reset']);
const textStep = (data: string, waits: boolean): Step => ({ data, coding: 'utf8', frame: plainText, waits });
const asText = (id: unknown, t: unknown, d: unknown): string => JSON.stringify({ id, t, d });

const joins: readonly Record<string, unknown>[] = [
  { room: '«room»', name: '«name»', nonce: '«nonce»' },
  { room: '«room»', name: '«name»', nonce: '«nonce»' },
  { room: '«room»', role: 'host', token: '«hostToken»' },
  { room: '«room»', role: 'host', token: '«hostToken»', name: '«name»', nonce: '«nonce»' },
  { room: '«room»', role: 'screen' },
  { room: '«room»', token: '«otherToken»' },
  { room: '«room»', token: '«otherToken»', epoch: '«epoch»', s: 3 },
  { room: '«otherRoom»', role: 'host', token: '«hostToken»' },
];

/** A request of a kind that people send, with the ids that there are. */
function request(id: number, chance: Chance): string {
  const verb = chance.pick(verbs);
  const data = fitting(verb, chance);
  return asText(id, verb, chance.percent(6) ? undefined : data);
}

const oddIds: readonly unknown[] = [0, -1, 1.5, '1', null, 2 ** 53, [1], { a: 1 }, true, 1e300];
const oddTypes: readonly unknown[] = [
  ...['fly', '', '__proto__', 'constructor', 'JOIN', 'join ', 'x'.repeat(50), 7, null, ['join'], {}],
];

function bentRequest(id: number, chance: Chance): string {
  const verb = chance.pick(verbs);
  const data = fitting(verb, chance);
  switch (chance.int(8)) {
    case 0:
      return asText(chance.pick(oddIds), verb, data);
    case 1:
      return asText(id, chance.pick(oddTypes), data);
    case 2:
      return broken(asText(id, verb, data), chance);
    case 3:
      return `{"id":${id},"t":"${verb}","t":"${chance.pick(verbs)}","id":${chance.int(99)},"d":{},"d":[]}`;
    default:
      return asText(id, verb, bent(data, chance));
  }
}

/** A client that joins, mostly, and then asks for all that there is. */
export function talk(name: string): Episode {
  const chance = chanceOf(name);
  const steps: Step[] = [];
  let id = 0;
  if (chance.percent(85)) {
    id += 1;
    steps.push(textStep(asText(id, 'join', chance.pick(joins)), true));
  }
  const manners = chance.pick([15, 15, 50]);
  const length = chance.pick([6, 18, 18, 18, 30]);
  for (let n = 0; n < length; n++) {
    id += 1;
    const made = chance.percent(manners) ? bentRequest(id, chance) : request(id, chance);
    steps.push(textStep(made, chance.percent(30)));
    // The same again: a repeat acts once.
    if (chance.percent(8)) steps.push(textStep(made, false));
  }
  return { name, kind: 'talk', head: handshake(), steps, ends: ends(chance) };
}

// What deflates to ten thousand and to three million blanks.
const bombs = [10_000, 3_000_000].map((chars) => deflateRawSync(Buffer.alloc(chars, ' ')).toString('latin1'));

function oddShape(chance: Chance): FrameShape {
  const shape = { ...plainText };
  switch (chance.int(8)) {
    case 0:
      return { ...shape, op: chance.int(16) };
    case 1:
      return { ...shape, rsv: 1 + chance.int(7) };
    case 2:
      return { ...shape, masked: false };
    case 3:
      return { ...shape, form: chance.pick(['16', '64']) };
    case 4:
      return { ...shape, claims: chance.pick([0, 126, 4_097, 65_537, 2 ** 31, 2 ** 48, 2 ** 52]) };
    case 5:
      return { ...shape, op: 8 + chance.int(3), fin: chance.percent(70) };
    case 6:
      return { ...shape, op: 0, fin: chance.percent(50) };
    default:
      return { ...shape, op: 2 };
  }
}

/** What a frame may hold: texts, no texts, a bomb, too much. */
function payload(chance: Chance): Pick<Step, 'data' | 'coding'> {
  switch (chance.int(7)) {
    case 0:
      return { data: '\xff\xfe\xc0\x80\xed\xa0\x80', coding: 'latin1' };
    case 1:
      return { data: chance.pick(bombs), coding: 'latin1' };
    case 2:
      return {
        data: 'x'.repeat(chance.pick([124, 125, 126, 4_096, 4_097, 65_535, 65_537])),
        coding: 'latin1',
      };
    case 3:
      return { data: chance.pick(['', '\x03\xe8', '\x00\x01', '\x0f\xffbye', '\x03']), coding: 'latin1' };
    case 4:
      return { data: '«token»', coding: 'utf8' };
    default:
      return { data: request(1 + chance.int(50), chance), coding: 'utf8' };
  }
}

/** One text in many pieces, a control frame between them, and now and then no end. */
function inPieces(chance: Chance): Step[] {
  const text = request(1 + chance.int(50), chance);
  const pieces = chance.pick([2, 3, 17, 90]);
  const size = Math.max(1, Math.ceil(text.length / pieces));
  const steps: Step[] = [];
  for (let n = 0; n < pieces; n++) {
    const data = text.slice(n * size, (n + 1) * size);
    const fin = n === pieces - 1 && chance.percent(80);
    const frame: FrameShape = { ...plainText, op: n === 0 ? 1 : 0, fin };
    steps.push({ data, coding: 'utf8', frame, waits: false });
    if (chance.percent(10))
      steps.push({ data: 'hm', coding: 'utf8', frame: { ...plainText, op: 9 }, waits: false });
  }
  return steps;
}

const controls = (op: number, times: number): Step[] =>
  Array.from({ length: times }, () => ({
    data: 'x'.repeat(100),
    coding: 'latin1' as const,
    frame: { ...plainText, op },
    waits: false,
  }));

/** A client that joins, and then sends what is no frame, or none that it may send. */
export function bytes(name: string): Episode {
  const chance = chanceOf(name);
  const join = asText(1, 'join', chance.pick(joins));
  const steps: Step[] = chance.percent(50) ? [textStep(join, true)] : [];
  for (let n = 1 + chance.int(6); n > 0; n--) {
    if (chance.percent(15)) steps.push(...inPieces(chance));
    else if (chance.percent(6)) steps.push(...controls(chance.pick([9, 10]), chance.pick([20, 200])));
    else if (chance.percent(10)) {
      const data = Array.from({ length: chance.int(60) }, () => String.fromCharCode(chance.int(256)));
      steps.push({ data: data.join(''), coding: 'latin1', frame: null, waits: false });
    } else steps.push({ ...payload(chance), frame: oddShape(chance), waits: chance.percent(20) });
  }
  const head = chance.percent(20) ? handshake([chance.pick(extensions)]) : handshake();
  return { name, kind: 'bytes', head, steps, ends: ends(chance) };
}

const extensions = [
  'Sec-WebSocket-Extensions: permessage-deflate',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; server_max_window_bits=8',
  'Sec-WebSocket-Extensions: constructor, __proto__; toString',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99',
];

const oddLines: readonly string[] = [
  ...extensions,
  ...['Sec-WebSocket-Key: x', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 8'],
  ...['Sec-WebSocket-Protocol: other', 'Sec-WebSocket-Protocol: ,,', 'Upgrade: h2c', 'Connection: close'],
  ...['Origin: https://evil.example', 'Origin: null', 'Origin: http://[', 'Origin: http://localhost'],
  ...['Host: [', 'Host: evil.example', 'Content-Length: 20', 'Transfer-Encoding: chunked', 'Expect: x'],
  ...['X-Forwarded-For: ,,,', `X-Forwarded-For: ${'1.2.3.4,'.repeat(300)}`, 'X-Forwarded-For: \x00'],
  ...['X-Forwarded-For: ::1%lo', 'Forwarded: for=127.0.0.1', `Cookie: ${'a=b;'.repeat(900)}`, ' folded: 1'],
];
const oddPaths = ['/ws?x=1', '/ws/', '//ws', '/WS', '/ws/../api/ops/overview', '/ws%00', '*', '/j', 'ws'];

/** A way in that is half, twice, of another kind or with another request behind it. */
export function halfOpen(name: string): Episode {
  const chance = chanceOf(name);
  const path = chance.percent(30) ? chance.pick(oddPaths) : '/ws';
  const lines = Array.from({ length: chance.int(3) }, () => chance.pick(oddLines));
  let head = handshake(lines, path);
  if (chance.percent(15)) head = head.replace(/^Sec-WebSocket-Key: .*\r\n/m, '');
  if (chance.percent(10))
    head = head.replace('GET', chance.pick(['POST', 'PUT', 'CONNECT', 'get', 'OPTIONS']));
  if (chance.percent(15)) head = head.slice(0, chance.int(head.length));
  const behind: Step[] = chance.percent(50)
    ? [{ data: chance.pick(hidden), coding: 'latin1', frame: null, waits: true }]
    : [textStep(asText(1, 'join', chance.pick(joins)), true)];
  return { name, kind: 'handshake', head, steps: behind, ends: ends(chance) };
}

// What one who reads the first request otherwise than we do would take for the next one.
const hidden = [
  'GET /api/ops/overview HTTP/1.1\r\nHost: localhost\r\n\r\n',
  '0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'POST /api/ops/dead/drop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}',
];

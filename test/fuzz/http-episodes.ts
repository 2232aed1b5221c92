// Episodes over HTTP: every route with wrong methods, paths, bodies and heads, requests that two servers
// could read in two ways, and the operator's desk with and without its token.

import { type Chance, chanceOf } from './chance.ts';
import type { Episode, Step } from './episode.ts';
import { bent, broken } from './requests.ts';

const routes = [
  ...[
    '/',
    '/j',
    '/j/«room»',
    '/host/«room»',
    '/screen/«room»',
    '/boards',
    '/g/«game»',
    '/ops',
    '/ops/«room»',
  ],
  ...[
    '/health',
    '/ready',
    '/metrics',
    '/api/rooms/«room»',
    '/api/topics',
    '/api/boards',
    '/api/games/«game»',
  ],
  ...['/docs', '/docs/asyncapi.json', '/assets/app.js', '/ws', '/api/ops/overview', '/api/ops/dead'],
];
const oddPieces = [
  ...['..', '%2e%2e', '..%2f', '%00', '%', '%E0%A4%A', '%ff', '\\..\\', ';', '?', '#', '//', '*', '::1'],
  ...['__proto__', 'constructor', '%u0041', 'x'.repeat(3_000), '\xe9', '..;/', '.git/config', 'etc/passwd'],
];
const methods = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PURGE'];

function oddPath(path: string, chance: Chance): string {
  const at = chance.int(path.length + 1);
  switch (chance.int(4)) {
    case 0:
      return `${path}/${chance.pick(oddPieces)}`;
    case 1:
      return path.slice(0, at) + chance.pick(oddPieces) + path.slice(at);
    case 2:
      return `${path}?${chance.pick(oddPieces)}=${chance.pick(oddPieces)}&${chance.pick(oddPieces)}`;
    default:
      return `/${chance.pick(oddPieces)}${path}`;
  }
}

const oddLines: readonly string[] = [
  ...['Content-Length: 5', 'Content-Length: 99999999', 'Content-Length: -1', 'Transfer-Encoding: chunked'],
  ...[
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding : chunked',
    'Expect: 100-continue',
    'Range: bytes=0-',
  ],
  ...[
    'Origin: https://evil.example',
    'Host: evil.example',
    'Upgrade: h2c',
    'Connection: Upgrade',
    'TE: trailers',
  ],
  ...['Authorization: Bearer ', 'Authorization: Basic eA==', 'Authorization: Bearer wrong', 'Via: 1.1 x'],
  ...['Idempotency-Key: "«nonce»"', 'Idempotency-Key: x', `Idempotency-Key: ${'"'.repeat(2_000)}`],
  ...[
    'traceparent: 00-00000000000000000000000000000000-0000000000000000-00',
    'traceparent: ff-x',
    'baggage: ,',
  ],
  ...['Accept-Encoding: gzip;q=x', 'If-None-Match: *', 'Content-Type: text/plain', 'Cookie: __proto__=1'],
];

const settings = (): Record<string, unknown> => ({
  rounds: 5,
  seconds: 5,
  topic: null,
  trial: true,
  nonce: '«nonce»',
});

function request(line: string, lines: readonly string[], body: string): string {
  const length = body === '' ? [] : ['Content-Length: «length»'];
  const all = [line, 'Host: localhost', 'X-Forwarded-For: «address»', ...lines, ...length];
  return `${all.join('\r\n')}\r\n\r\n${body}`;
}

const step = (data: string): Step => ({ data, coding: 'utf8', frame: null, waits: true });
const several = (chance: Chance, make: () => string): Step[] =>
  Array.from({ length: 1 + chance.int(3) }, () => step(make()));

function anything(chance: Chance): string {
  const route = chance.pick(routes);
  const path = chance.percent(45) ? oddPath(route, chance) : route;
  const lines = Array.from({ length: chance.int(3) }, () => chance.pick(oddLines));
  if (chance.percent(3)) lines.push(...Array.from({ length: 150 }, (_, n) => `X-${n}: y`));
  if (chance.percent(3)) lines.push(`X: ${'y'.repeat(chance.pick([4_000, 9_000, 40_000]))}`);
  const body = chance.percent(80) ? '' : JSON.stringify(bent(settings(), chance));
  const version = chance.percent(95)
    ? 'HTTP/1.1'
    : chance.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'http/1.1']);
  const whole = request(`${chance.pick(methods)} ${path} ${version}`, lines, body);
  return chance.percent(6) ? broken(whole, chance) : whole;
}

function newRoom(chance: Chance): string {
  const made = chance.percent(75) ? bent(settings(), chance) : settings();
  let body = JSON.stringify(made);
  if (chance.percent(20)) body = broken(body, chance);
  const lines = chance.percent(20) ? [chance.pick(oddLines)] : [];
  return request('POST /api/rooms HTTP/1.1', lines, body);
}

/** Requests to every route, one after the other on one connection. */
export function http(name: string): Episode {
  const chance = chanceOf(name);
  const steps = several(chance, () => (chance.percent(30) ? newRoom(chance) : anything(chance)));
  return { name, kind: 'http', head: '', steps, ends: chance.pick(['fin', 'reset']) };
}

const deskPaths = [
  ...['/overview', '/rooms/«room»/timeline', '/rooms/«room»/at/6', '/rooms/«room»/why', '/reports', '/dead'],
  ...[
    '/rooms/«otherRoom»/timeline?after=3',
    '/rooms/«room»/at/-1',
    '/rooms/«room»/at/1e9',
    '/rooms/ZZZZZZ/why',
  ],
  ...['/dead?olderThanMs=x', '/dead?group=__proto__', '/rooms/«room»/verify', '/rooms/__proto__/timeline'],
];
const wishes: readonly (readonly [path: string, wish: Record<string, unknown>])[] = [
  ['/dead/requeue', { id: '1-1', dryRun: true }],
  ['/dead/drop', { room: '«room»' }],
  ['/dead/__proto__', { id: '1-1' }],
  ['/rooms/«room»/retract', { round: '1', reason: 'fuzzed' }],
  ['/rooms/«room»/retract', { round: '«oldRoundId»' }],
  ['/rooms/ZZZZZZ/retract', { round: '«roundId»' }],
];

function atTheDesk(chance: Chance): string {
  const lines = chance.percent(70) ? ['Authorization: Bearer «deskToken»'] : [chance.pick(oddLines)];
  if (chance.percent(60)) {
    const path = `/api/ops${chance.pick(deskPaths)}`;
    return request(`GET ${chance.percent(25) ? oddPath(path, chance) : path} HTTP/1.1`, lines, '');
  }
  const [path, wish] = chance.pick(wishes);
  if (chance.percent(30)) lines.push('Idempotency-Key: "«key»"');
  let body = JSON.stringify(chance.percent(70) ? bent(wish, chance) : wish);
  if (chance.percent(20)) body = broken(body, chance);
  return request(`POST /api/ops${path} HTTP/1.1`, lines, body);
}

/** What an operator asks for, and one who would like to be one. */
export function desk(name: string): Episode {
  const chance = chanceOf(name);
  const steps = several(chance, () => atTheDesk(chance));
  return { name, kind: 'desk', head: '', steps, ends: chance.pick(['fin', 'reset']) };
}

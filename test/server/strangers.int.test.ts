// What clients do that is no fault of ours: they break off, send what is no HTTP, are refused. A server tells
// none of it as a mistake of its own and lives on; where an operator can do something, one line says what.

import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { limits } from '../../core/limits.ts';
import { freePort } from '../support/ports.ts';
import { type ArenaProcess, startProcess, untilOk } from '../support/processes.ts';
import { openRaw, upgradeTo } from '../support/sockets.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

let valkey: TestValkey;
let port: number;
let server: ArenaProcess;
let site: string;

beforeAll(async () => {
  [valkey, port] = await Promise.all([startTestValkey(), freePort()]);
  site = `http://127.0.0.1:${port}`;
  const env = { VALKEY_URL: valkey.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'debug' };
  server = startProcess('server', ['serve'], env);
  await untilOk(`${site}/health`);
});
afterAll(async () => {
  await server.kill();
  await valkey.stop();
});

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly refused?: string;
  readonly leftOut?: number;
  readonly [field: string]: unknown;
}

/** Lines of the log; whatever else was printed counts as one that must not be. */
const lines = (): Line[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') || /error|^\s+at /i.test(line))
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : { level: 60, msg: line }));

const head = (first: string, ...more: readonly string[]) =>
  [first, 'Host: localhost', ...more, '', ''].join('\r\n');
const postRoom = (...more: readonly string[]) => head('POST /api/rooms HTTP/1.1', ...more);
const frame = (...bytes: readonly number[]) => String.fromCharCode(...bytes);

/** What is sent, and how it breaks off: the other side hears an end, or a reset; `waits` for what it says. */
const rows: readonly (readonly [what: string, sent: string, how: 'ends' | 'resets' | 'waits'])[] = [
  ['breaks off its body', `${postRoom('Content-Length: 100')}{"rounds"`, 'ends'],
  ['resets in its body', `${postRoom('Content-Length: 100')}{"rounds"`, 'resets'],
  ['breaks off a body in pieces', `${postRoom('Transfer-Encoding: chunked')}5\r\n{"rou`, 'ends'],
  ['resets in a body in pieces', `${postRoom('Transfer-Encoding: chunked')}5\r\n{"rou`, 'resets'],
  ['breaks off before its body', postRoom('Content-Length: 100'), 'resets'],
  [
    'breaks off a wish of the desk',
    `${head('POST /api/ops/dead/drop HTTP/1.1', 'Content-Length: 99')}{`,
    'ends',
  ],
  [
    'resets in a wish of the desk',
    `${head('POST /api/ops/rooms/AAAAAA/retract HTTP/1.1', 'Content-Length: 99')}{`,
    'resets',
  ],
  ['sends pieces of no length', `${postRoom('Transfer-Encoding: chunked')}zz\r\n{}\r\n`, 'waits'],
  ['sends half of a body, then garbage', `${postRoom('Transfer-Encoding: chunked')}2\r\n{}garbage`, 'waits'],
  ['sends letters that are none', `${postRoom('Content-Length: 5')}{"\xff\xfe}`, 'resets'],
  ['promises to go on, and does not', postRoom('Content-Length: 100', 'Expect: 100-continue'), 'resets'],
  ['expects what nobody knows', postRoom('Content-Length: 2', 'Expect: miracles'), 'resets'],
  ['breaks off its head', 'GET / HTTP/1.1\r\nHost: loc', 'ends'],
  ['resets in its head', 'GET / HTTP/1.1\r\nHost: loc', 'resets'],
  ['has a length of letters', postRoom('Content-Length: abc'), 'waits'],
  ['has two lengths', postRoom('Content-Length: 1', 'Content-Length: 2'), 'waits'],
  ['has a length below nothing', postRoom('Content-Length: -1'), 'waits'],
  ['has a length and pieces', postRoom('Content-Length: 5', 'Transfer-Encoding: chunked'), 'waits'],
  ['speaks no HTTP', 'hello\r\n\r\n', 'waits'],
  ['speaks TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'waits'],
  ['has a head without end', head('GET / HTTP/1.1', `X: ${'x'.repeat(100_000)}`), 'waits'],
  ['asks for a host that is none', 'GET / HTTP/1.1\r\nHost: [\r\n\r\n', 'resets'],
  ['asks for no host', 'GET / HTTP/1.1\r\n\r\n', 'waits'],
  ['asks for an address that is none', head('GET http://[ HTTP/1.1'), 'resets'],
  ['asks for a path that cannot be read', head('GET /api/rooms/%E0%A4%A HTTP/1.1'), 'resets'],
  ['asks for a proxy', head('CONNECT evil.example:443 HTTP/1.1'), 'waits'],
  ['asks for an echo', head('TRACE / HTTP/1.1'), 'resets'],
  ['goes while it is answered', head('GET /docs/asyncapi.json HTTP/1.1').repeat(50), 'resets'],
  ['goes while the desk works', head('GET /api/ops/overview HTTP/1.1'), 'resets'],
  ['goes while its socket opens', upgradeTo('/ws'), 'resets'],
  ['ends while its socket opens', upgradeTo('/ws'), 'ends'],
  ['opens a socket with a key that is none', upgradeTo('/ws').replace(/Key: .*/, 'Key: x'), 'waits'],
  ['opens a socket of another version', upgradeTo('/ws').replace('Version: 13', 'Version: 7'), 'waits'],
  ['opens a socket at a host that is none', upgradeTo('/ws').replace('localhost', '['), 'waits'],
  ['breaks off a frame', upgradeTo('/ws') + frame(0x81, 0xfe, 0x10, 0x00, 1, 2), 'resets'],
  ['sends a text that is none', upgradeTo('/ws') + frame(0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe), 'waits'],
  ['sends a frame without a mask', upgradeTo('/ws') + frame(0x81, 0x02, 0x7b, 0x7d), 'waits'],
  [
    'sends a frame that is too long',
    upgradeTo('/ws') + frame(0x81, 0xff, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0),
    'waits',
  ],
  ['sends a frame of no kind', upgradeTo('/ws') + frame(0x83, 0x80, 0, 0, 0, 0), 'waits'],
  ['closes with a code that is none', upgradeTo('/ws') + frame(0x88, 0x82, 0, 0, 0, 0, 0, 1), 'waits'],
];

describe('a client that', () => {
  test.each(rows)('%s is no mistake of ours', async (_what, sent, how) => {
    const before = lines().length;
    const line = await openRaw(port, sent);
    if (how === 'waits') await line.gone;
    else {
      // It has been heard once what it sent before is answered, or what comes after it is.
      await fetch(`${site}/api/topics`);
      if (how === 'resets') line.socket.resetAndDestroy();
      else line.socket.destroy();
    }
    await line.gone;
    expect((await fetch(`${site}/health`)).status).toBe(200);
    const wrong = lines()
      .slice(before)
      .filter(({ level, refused }) => level >= 40 && refused === undefined);
    expect(wrong).toEqual([]);
    expect(server.runs).toBe(true);
  });

  test('breaks off its body leaves a line for those who look closely', () => {
    const gone = lines().filter(({ msg }) => msg === 'client gone');
    expect(gone.length).toBeGreaterThan(5);
    expect(gone.every(({ level }) => level === 20)).toBe(true);
    expect(lines().filter(({ level, refused }) => level >= 40 && refused === undefined)).toEqual([]);
  });
});

/** What is sent is all of it: the other side is to end the connection. */
const answerTo = async (sent: string) => {
  const line = await openRaw(port, sent);
  await line.gone;
  return line.heard();
};
const last = 'Connection: close';
const lengths = ['Content-Length: 2', 'Transfer-Encoding: chunked'];
const hidden = head('GET /metrics HTTP/1.1');

/** Two servers in a row that read these in two ways would take the rest for a request of another client. */
const twoWays: readonly (readonly [what: string, sent: string])[] = [
  ['a length and pieces', `${postRoom(...lengths)}0\r\n\r\n${hidden}`],
  ['pieces and a length', `${postRoom(...lengths.toReversed())}0\r\n\r\n${hidden}`],
  ['two lengths', `${postRoom('Content-Length: 2', 'Content-Length: 99')}{}${hidden}`],
  ['a length with a sign', `${postRoom('Content-Length: +2')}{}${hidden}`],
  ['a length that is a list', `${postRoom('Content-Length: 2, 2')}{}${hidden}`],
  ['a blank before the colon', `${postRoom('Content-Length : 2')}{}${hidden}`],
  ['a line that goes on in the next', `${postRoom('X: y', ' z: 1', last)}${hidden}`],
  ['pieces in a coding of no name', `${postRoom('Transfer-Encoding: xchunked')}0\r\n\r\n${hidden}`],
  [
    'pieces that are coded once more',
    `${postRoom('Transfer-Encoding: chunked, identity')}0\r\n\r\n${hidden}`,
  ],
  ['lines without a carriage return', `${postRoom(last).replaceAll('\r\n', '\n')}${hidden}`],
  ['a piece whose length ends in a feed alone', `${postRoom(lengths[1] ?? '')}2\n{}\r\n0\r\n\r\n${hidden}`],
  ['a null in a header', `${postRoom('X: \0', last)}${hidden}`],
];

describe('a request', () => {
  test.each(twoWays)(
    'that could be read in two ways, by %s, is refused with all behind it',
    async (_what, sent) => {
      const heard = await answerTo(sent);
      expect(heard).toMatch(/^HTTP\/1\.1 400 /);
      expect(heard.split('HTTP/1.1 ')).toHaveLength(2);
    },
  );

  // Were the last header left out instead, a proxy's X-Forwarded-For would be, and the desk would take the
  // client for one on this machine.
  test.each([
    ['over HTTP', (more: readonly string[]) => head('GET /metrics HTTP/1.1', last, ...more), 403],
    ['for a socket', (more: readonly string[]) => upgradeTo('/', [last, ...more]), 404],
  ] as const)(
    '%s with more headers than may be is refused, and none is left out',
    async (_way, make, otherwise) => {
      const own = make([]).split('\r\n').length - 3;
      const many = (count: number) => [
        ...Array.from({ length: count - own - 1 }, (_, n) => `X-${n}: y`),
        'X-Forwarded-For: 198.51.100.4',
      ];
      expect(await answerTo(make(many(limits.headersMax)))).toMatch(new RegExp(`^HTTP/1.1 ${otherwise} `));
      expect(await answerTo(make(many(limits.headersMax + 1)))).toMatch(/^HTTP\/1\.1 431 /);
    },
  );

  test('with as many bytes of headers as may be is answered, and one with more is refused', async () => {
    const withBytes = (bytes: number) => {
      const rest = head('GET /health HTTP/1.1', last, 'X: ');
      return head('GET /health HTTP/1.1', last, `X: ${'x'.repeat(bytes - rest.length)}`);
    };
    // Node counts lines a little otherwise than by their bytes.
    expect(await answerTo(withBytes(limits.headerBytesMax - 100))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await answerTo(withBytes(limits.headerBytesMax + 100))).toMatch(/^HTTP\/1\.1 431 /);
  });

  test.each([
    ...['/assets/../../package.json', '/assets/%2e%2e/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json'],
    ...['/docs/../main.ts', '/docs/%00', '/docs//etc/passwd', '/.env', '/package.json', '/assets/__proto__'],
  ])('for %s finds no file of ours', async (path) => {
    expect(await answerTo(head(`GET ${path} HTTP/1.1`, last))).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('with fields that objects have by birth changes nothing for others', async () => {
    for (const body of ['{"__proto__":{"trial":true}}', '{"constructor":{"prototype":{"trial":true}}}']) {
      const reply = await fetch(`${site}/api/rooms`, { method: 'POST', body });
      expect([
        reply.status,
        ((await reply.json()) as { err?: { code: string } }).err?.code ?? 'made',
      ]).toEqual([400, 'invalid_payload']);
    }
  });
});

describe('a socket', () => {
  test('is not compressed, whatever is offered, and a compressed frame ends it', async () => {
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';
    // Ten thousand blanks in a dozen bytes, masked with zeros.
    const bomb = deflateRawSync(Buffer.alloc(10_000, ' '));
    const sent = Buffer.concat([Buffer.from([0xc1, 0x80 | bomb.length, 0, 0, 0, 0]), bomb]);
    const heard = await answerTo(upgradeTo('/ws', [offer]) + sent.toString('latin1'));
    expect(heard).toMatch(/^HTTP\/1\.1 101 /);
    expect(heard).not.toMatch(/^Sec-WebSocket-Extensions/im);
    // 1002, a protocol error.
    const close = Buffer.from(heard.slice(heard.indexOf('\r\n\r\n') + 4), 'latin1');
    expect([close[0], close.readUInt16BE(2)]).toEqual([0x88, 1002]);
  });
});

const ask = (path: string, headers: Record<string, string>) => fetch(`${site}${path}`, { headers });
const openSocket = async (protocols: string[], headers: Record<string, string> = {}) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, protocols, { headers });
  socket.on('error', () => undefined);
  await new Promise((closed) => socket.once('close', closed));
};

interface Refusal {
  readonly kind: string;
  readonly refuse: () => Promise<unknown>;
  /** What the line names: causes and settings. */
  readonly names: readonly string[];
}

const refusals: readonly Refusal[] = [
  {
    kind: 'origin',
    refuse: () => openSocket(['arena.v1.json'], { origin: 'https://quiz.example' }),
    names: ['https://quiz.example', '127.0.0.1', 'PUBLIC_URL', 'ALLOWED_ORIGINS', 'Host'],
  },
  { kind: 'upgrade', refuse: () => ask('/ws', {}), names: ['/ws', 'Upgrade', 'Connection', 'proxy'] },
  {
    kind: 'subprotocol',
    refuse: () => openSocket(['other.v2']),
    names: ['arena.v1.json', 'other.v2', 'Sec-WebSocket-Protocol'],
  },
  {
    kind: 'operator',
    refuse: () => ask('/metrics', { 'x-forwarded-for': '198.51.100.4' }),
    names: ['ARENA_OPS_TOKEN', 'proxy', '127.0.0.1'],
  },
  {
    kind: 'forwarded',
    refuse: () => ask('/api/rooms/ZZZZZZ', { 'x-forwarded-for': '198.51.100.4' }),
    names: ['X-Forwarded-For', 'TRUSTED_PROXIES', 'PUBLIC_URL', '127.0.0.1'],
  },
  {
    kind: 'limit',
    refuse: async () => {
      for (let n = 0; n <= limits.roomsPerMinutePerAddress; n++)
        await fetch(`${site}/api/rooms`, { method: 'POST', body: 'no' });
    },
    names: ['new rooms', 'TRUSTED_PROXIES', '127.0.0.1'],
  },
];

test.each(refusals)(
  'a refusal for its $kind is told once, with its cause and the setting',
  async (refusal) => {
    const { kind, refuse, names } = refusal;
    const told = () => lines().filter(({ refused }) => refused === kind);
    for (let times = 0; times < 3; times++) await refuse();
    await expect.poll(() => told().length).toBe(1);
    const [line] = told();
    expect(line?.level).toBe(40);
    for (const name of names) expect(JSON.stringify(line)).toContain(name);
  },
);

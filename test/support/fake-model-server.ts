// What the fakes of Ollama and OpenAI share: a server on a port of its own that notes every request and
// answers as it is told, well, badly, late or not at all. Each fake adds the shape of its wire.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { goodAnswer, type Role, roleOf, type Slip, slip, slips } from './model-brain.ts';

/**
 * How a request is answered beside the slips of the mind. `truncated`: half an answer, noting that tokens ran
 * out.
 */
const wireMoods = [
  'good',
  'truncated',
  'refusing',
  'page',
  'no-body',
  'malformed',
  'dropped',
  'hanging',
  'rate-limited',
  'failing',
  'failing-page',
  'unauthorized',
  'unknown-model',
] as const;
export type Mood = Slip | (typeof wireMoods)[number];
export const moods: readonly Mood[] = [...slips, ...wireMoods];

/** One request to a model. `number` counts from 1; `repair` tells a second try after an unusable answer. */
export interface FakeRequest {
  readonly number: number;
  readonly path: string;
  readonly role: Role;
  readonly repair: boolean;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
  /** When the other side hung up before it was answered. */
  readonly closed: Promise<void>;
}

/**
 * A mood, words of a model, an answer as it goes over the line, or that line itself. `open`: it never ends.
 */
export type Behaviour =
  | Mood
  | { readonly text: string }
  | { readonly status: number; readonly answer: unknown }
  | { readonly raw: string; readonly type: string; readonly open?: boolean };

export interface FakeOptions {
  /** 0 or absent: any free one. */
  readonly port?: number;
  readonly behave?: Behaviour | ((request: FakeRequest) => Behaviour);
  /** How long each answer takes, in ms. */
  readonly delayMs?: number;
  /**
   * Where the numbering of what is invented begins; another one for a fake that takes the place of an earlier
   * one.
   */
  readonly firstSerial?: number;
}

export interface FakeServer {
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  stop(): Promise<void>;
}

export interface Said {
  readonly text: string;
  readonly cut: boolean;
  readonly refusal: string | null;
}

/** The schema that a prompt asks for in words; it has a line of its own, before or after the data. */
export function schemaInWords(texts: readonly string[]): unknown {
  const line = texts
    .flatMap((text) => text.split('\n'))
    .findLast((one) => one.startsWith('{"type":"object"'));
  return line === undefined ? {} : JSON.parse(line);
}

/** A wire: how a request names schema and turns, and how an answer and an error are written. */
export interface Wire {
  /** Undefined for a path that is no request to a model. */
  asked(path: string, body: unknown): { schema: unknown; userTurns: readonly string[] } | undefined;
  answer(path: string, body: unknown, said: Said): unknown;
  /** Answers on other paths; undefined is 404. */
  other(path: string, body: unknown): unknown;
  error(status: number, message: string): unknown;
}

const failures = {
  'rate-limited': { status: 429, message: 'too many requests' },
  failing: { status: 500, message: 'the model runner stopped' },
  unauthorized: { status: 401, message: 'Incorrect API key provided: sk-laboratory-0123456789.' },
  'unknown-model': { status: 404, message: 'model not found' },
} as const;

export async function startFake(wire: Wire, options: FakeOptions): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const server = http.createServer((request, response) => {
    respond(request, response, { wire, options, requests }).catch((error: unknown) => {
      const asked = error instanceof z.ZodError || error instanceof SyntaxError;
      json(response, asked ? 400 : 500, wire.error(400, String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { wire, options, requests }: { wire: Wire; options: FakeOptions; requests: FakeRequest[] },
): Promise<void> {
  const path = request.url ?? '/';
  const body = await bodyOf(request);
  const asked = wire.asked(path, body);
  if (asked === undefined) {
    const known = await wire.other(path, body);
    return json(response, known === undefined ? 404 : 200, known ?? wire.error(404, 'not found'));
  }
  const noted: FakeRequest = {
    number: requests.length + 1,
    path,
    role: roleOf(asked.schema),
    repair: asked.userTurns.length > 1,
    headers: request.headers,
    body,
    closed: new Promise((resolve) => response.once('close', resolve)),
  };
  requests.push(noted);
  const { behave = 'good', delayMs = 0, firstSerial = 1 } = options;
  const mood = typeof behave === 'function' ? behave(noted) : behave;
  if (delayMs > 0) await sleep(delayMs);
  const prompt = { role: noted.role, input: asked.userTurns[0] ?? '' };
  const serial = noted.number + firstSerial - 1;
  act(response, mood, {
    good: () => goodAnswer(prompt, serial),
    slip: (kind) => slip(kind, prompt, serial),
    say: (said) => json(response, 200, wire.answer(path, body, said)),
    fail: (status, message) => json(response, status, wire.error(status, message)),
  });
}

interface Means {
  good(): string;
  slip(kind: Slip): string;
  say(said: Said): void;
  fail(status: number, message: string): void;
}

function act(response: http.ServerResponse, mood: Behaviour, means: Means): void {
  const say = (text: string, cut = false) => means.say({ text, cut, refusal: null });
  const start = { 'content-type': 'application/json' };
  if (typeof mood === 'object') {
    if ('status' in mood) json(response, mood.status, mood.answer);
    else if ('raw' in mood) {
      response.writeHead(200, { 'content-type': mood.type }).write(mood.raw);
      if (mood.open !== true) response.end();
    } else say(mood.text);
  } else if (mood === 'good') say(means.good());
  else if (mood === 'truncated') say(means.slip('half-json'), true);
  else if (mood === 'refusing') means.say({ text: '', cut: false, refusal: 'I am sorry, I cannot help.' });
  else if (mood === 'page') html(response, 200);
  else if (mood === 'failing-page') html(response, 502);
  else if (mood === 'no-body') response.writeHead(200, start).end();
  else if (mood === 'malformed') response.writeHead(200, start).end('{"model": "fake", "message": {');
  else if (mood === 'dropped') {
    response.writeHead(200, { ...start, 'content-length': '9999' });
    response.write('{"model"', () => response.destroy());
  } else if (isSlip(mood)) say(means.slip(mood));
  else if (mood !== 'hanging') {
    const { status, message } = failures[mood];
    means.fail(status, message);
  }
}

function isSlip(mood: Mood): mood is Slip {
  return (slips as readonly Mood[]).includes(mood);
}

function html(response: http.ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<html><head><title>Bad gateway</title></head><body>The proxy is out of sorts.</body></html>');
}

function json(response: http.ServerResponse, status: number, value: unknown): void {
  const patience = status === 429 ? { 'retry-after-ms': '5' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...patience });
  response.end(JSON.stringify(value));
}

async function bodyOf(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? null : JSON.parse(text);
}

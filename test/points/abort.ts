// A preload (`node --import`) that aborts its process at a point: before or after one step at the store, or
// one frame pushed to a socket. It looks at the bytes that leave and arrive, so no command passes it by,
// whatever sends it; the program knows nothing of it. What was seen is appended to a file: `named` a point,
// or `unnamed` a command that has none.

import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { commandsIn, replyEnd } from '../support/resp.ts';
import { commandOf, stepOf } from './steps.ts';

/** What the environment tells, as JSON in ARENA_POINT. */
export interface Plan {
  /** Of the store. */
  readonly port: number;
  readonly groups: readonly string[];
  /** Where to say what was seen. */
  readonly file: string;
  /** `who step side hit`; null to look alone. */
  readonly at: string | null;
}

interface Line {
  name: string;
  /** Steps whose replies have not come, in order. */
  readonly waiting: string[];
  unread: Buffer;
}

const plan = JSON.parse(process.env['ARENA_POINT'] ?? '{}') as Plan;
const groups = new Set(plan.groups);
const lines = new WeakMap<Socket, Line>();
const seen = new Map<string, number>();

/** Says once that a point was seen, and never comes back from the one that was planned. */
function pass(who: string, step: string, side: 'before' | 'after', socket?: Socket): void {
  const point = `${who} ${step} ${side}`;
  const times = (seen.get(point) ?? 0) + 1;
  seen.set(point, times);
  if (plan.at !== `${point} ${times}`) {
    if (plan.at === null) appendFileSync(plan.file, `named ${point} ${times}\n`);
    return;
  }
  // What was sent before this step is on its way.
  while ((socket?.writableCorked ?? 0) > 0) socket?.uncork();
  appendFileSync(plan.file, `aborted ${point} ${times}\n`);
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Whose step it is: the group that the command names, else the connection's. */
function whoOf(words: readonly string[], { name }: Line): string {
  const named = words.find((word) => groups.has(word)) ?? words[2]?.split(':')[0] ?? '';
  if (groups.has(named)) return named;
  const own = name.replace(/^(arena|shop)-/, '').replace(/-(feed|tail|follow)$/, '');
  return own === '' ? 'start' : own;
}

function send(socket: Socket, line: Line, data: Buffer): void {
  for (const { words: raw } of commandsIn(data).commands) {
    const words = raw.map(String);
    if (words[0]?.toLowerCase() === 'client') line.name = words[2] ?? '';
    const command = commandOf(words, groups);
    const step = stepOf(command);
    if (step === null) appendFileSync(plan.file, `unnamed ${command}\n`);
    const who = whoOf(words, line);
    line.waiting.push(`${who} ${step ?? command}`);
    pass(who, step ?? command, 'before', socket);
  }
}

function receive(line: Line, data: Buffer): void {
  line.unread = Buffer.concat([line.unread, data]);
  for (let end = replyEnd(line.unread, 0); end !== null; end = replyEnd(line.unread, 0)) {
    line.unread = line.unread.subarray(end);
    const [who = '', step = ''] = (line.waiting.shift() ?? '').split(' ');
    pass(who, step, 'after');
  }
}

const write = Socket.prototype.write;
Socket.prototype.write = function (this: Socket, ...given: Parameters<typeof write>) {
  const [data] = given;
  const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data as Uint8Array);
  if (this.remotePort === plan.port) {
    let line = lines.get(this);
    if (line === undefined) {
      line = { name: '', waiting: [], unread: Buffer.alloc(0) };
      lines.set(this, line);
      const known = line;
      this.prependListener('data', (arrived: Buffer) => receive(known, arrived));
    }
    send(this, line, bytes);
  } else if (bytes[0] === 0x81) {
    pass('server', 'push.frame', 'before', this);
    const done = write.apply(this, given);
    pass('server', 'push.frame', 'after', this);
    return done;
  }
  return write.apply(this, given);
} as typeof write;

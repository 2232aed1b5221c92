// A stand-in for a server with Search: every command goes to a real Valkey, but FT.* and what COMMAND INFO
// says of modules, which are answered here, as planned. It searches the hashes that stand in that Valkey,
// exactly; where it misbehaves, it does so as modules of several makers and their users do.

import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import type { Redis } from 'iovalkey';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { commandsIn, encoded, Refusal, replyEnd } from './resp.ts';

export interface SearchPlan {
  /** What an index that is missing, or there already, is called. */
  words: 'one maker' | 'another maker';
  /** Refused, as to a user who may not use them. */
  forbidden: ReadonlySet<string>;
  /** How many of the documents that stand before an index is made it takes in; the rest waits. */
  fills: number;
  /** The farthest instead of the nearest. */
  wrong: boolean;
  /** Of the FT.* commands from now on, those that fail: the first, the second, … */
  fails: (nth: number) => boolean;
  /** Also says that it has JSON, which this Valkey refuses. */
  json: boolean;
}

export interface SearchDouble {
  readonly url: string;
  readonly plan: SearchPlan;
  /** FT.SEARCH as they were sent so far, by their index. */
  readonly searches: readonly string[];
  readonly indexes: ReadonlyMap<string, unknown>;
  /** Forgets every index, as FLUSHALL does, or a failover to a server without them. */
  loseIndexes(): void;
  /** What an index has lost. */
  hide(index: string, keys: readonly string[]): void;
  stop(): Promise<void>;
}

interface Index {
  readonly prefix: string;
  /** Keys that wait to be taken in. */
  readonly waiting: Set<string>;
}

export async function startSearchDouble(port: number): Promise<SearchDouble> {
  const store = connect(`redis://127.0.0.1:${port}`, 'test-double');
  await untilReady(store, AbortSignal.timeout(5_000));
  const plan: SearchPlan = {
    words: 'one maker',
    forbidden: new Set(),
    fills: Number.POSITIVE_INFINITY,
    wrong: false,
    fails: () => false,
    json: false,
  };
  const indexes = new Map<string, Index>();
  const searches: string[] = [];
  const answer = answering({ store, plan, indexes, searches });
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connectTcp(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay());
      const end = () => [client, upstream].forEach((one) => void one.destroy());
      socket.on('error', end).on('close', end);
    }
    between(client, upstream, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan,
    searches,
    indexes,
    loseIndexes: () => indexes.clear(),
    hide(name, keys) {
      for (const key of keys) indexes.get(name)?.waiting.add(key);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      store.disconnect();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Answer = (command: readonly Buffer[]) => Promise<unknown> | null;

/** Replies in the order of the commands, whoever gives them. */
function between(client: Socket, upstream: Socket, answer: Answer): void {
  let unread: Buffer = Buffer.alloc(0);
  let unsent: Buffer = Buffer.alloc(0);
  const theirs: ((reply: Buffer) => void)[] = [];
  let replies = Promise.resolve();
  upstream.on('data', (data) => {
    unsent = Buffer.concat([unsent, data]);
    for (let end = replyEnd(unsent, 0); end !== null; end = replyEnd(unsent, 0)) {
      theirs.shift()?.(unsent.subarray(0, end));
      unsent = unsent.subarray(end);
    }
  });
  client.on('data', (data) => {
    const { commands, rest } = commandsIn(Buffer.concat([unread, data]));
    unread = rest;
    for (const { words, raw } of commands) {
      const own = answer(words);
      const { promise, resolve } = Promise.withResolvers<Buffer>();
      if (own === null) {
        theirs.push(resolve);
        upstream.write(raw);
      } else {
        own.then(encoded, (error) => encoded(new Refusal(String(error)))).then(resolve);
      }
      replies = replies.then(() => promise).then((reply) => void client.write(reply));
    }
  });
}

interface Stage {
  readonly store: Redis;
  readonly plan: SearchPlan;
  readonly indexes: Map<string, Index>;
  readonly searches: string[];
}

function answering({ store, plan, indexes, searches }: Stage): Answer {
  let asked = 0;
  const missing = (name: string) =>
    new Refusal(
      plan.words === 'one maker'
        ? `Index with name '${name}' not found in database 0`
        : `${name}: no such index`,
    );

  async function create(name: string, words: readonly string[]) {
    if (indexes.has(name))
      return new Refusal(
        plan.words === 'one maker' ? `Index ${name} already exists.` : 'Index already exists',
      );
    const prefix = words[words.indexOf('PREFIX') + 2] ?? '';
    const keys = (await store.keys(`${prefix}*`)).sort();
    indexes.set(name, { prefix, waiting: new Set(keys.slice(plan.fills)) });
    return 'OK';
  }

  async function search(name: string, words: readonly string[], command: readonly Buffer[]) {
    searches.push(name);
    const index = indexes.get(name);
    if (index === undefined) return missing(name);
    const query = words[2] ?? '';
    const wish = command[words.indexOf('vector') + 1] ?? Buffer.alloc(0);
    const count = Number(/KNN (\d+)/.exec(query)?.[1]);
    const keys = (await store.keys(`${index.prefix}*`)).filter((key) => !index.waiting.has(key));
    const rows = await Promise.all(
      keys.map(async (key) => ({
        key,
        fields: (await store.hgetallBuffer(key).catch(() => ({}))) as Record<string, Buffer>,
      })),
    );
    const near = rows
      .filter(({ fields }) => ['space', 'room'].every((tag) => wanted(query, tag, fields[tag])))
      .flatMap(({ key, fields }) => {
        const vector = fields['embedding'];
        return vector?.length === wish.length ? [{ key, similarity: cosine(vector, wish) }] : [];
      })
      .sort((a, b) => (plan.wrong ? a.similarity - b.similarity : b.similarity - a.similarity));
    const found = near.slice(0, count).map(({ key }) => key);
    return [found.length, ...found];
  }

  return (command) => {
    const words = command.map(String);
    const verb = words[0]?.toUpperCase() ?? '';
    if (verb === 'COMMAND' && words[1]?.toUpperCase() === 'INFO') {
      return Promise.resolve([plan.json ? ['json.set', -1] : null, ['ft.search', -1]]);
    }
    if (!verb.startsWith('FT.')) return null;
    if (plan.forbidden.has(verb)) {
      return Promise.resolve(
        new Refusal(`NOPERM User arena has no permissions to run the '${verb.toLowerCase()}' command`),
      );
    }
    asked += 1;
    if (plan.fails(asked)) return Promise.resolve(new Refusal('Internal error: queue is full'));
    const name = words[1] ?? '';
    if (verb === 'FT.CREATE') return create(name, words);
    if (verb === 'FT.SEARCH') return search(name, words, command);
    if (verb === 'FT._LIST') return Promise.resolve([...indexes.keys()]);
    if (verb === 'FT.DROPINDEX') return Promise.resolve(indexes.delete(name) ? 'OK' : missing(name));
    return Promise.resolve(new Refusal(`ERR unknown command '${verb}'`));
  };
}

/** Whether a document has the tag that a query asks for, if it asks for one. */
function wanted(query: string, tag: string, value: Buffer | undefined): boolean {
  const asked = new RegExp(`@${tag}:\\{([^}]*)\\}`).exec(query)?.[1];
  return asked === undefined || asked.toLowerCase() === value?.toString().toLowerCase();
}

function cosine(a: Buffer, b: Buffer): number {
  let [dot, ofA, ofB] = [0, 0, 0];
  for (let at = 0; at < a.length; at += 4) {
    const [x, y] = [a.readFloatLE(at), b.readFloatLE(at)];
    dot += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return dot / Math.sqrt(ofA * ofB);
}

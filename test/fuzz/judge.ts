// What a server may say, whatever it is sent: codes that are documented, fields that people may be told, no
// verdict of a round that is asked, and no secret that the one who hears it did not have. Shares no code with
// the server.

import {
  eventFields,
  refusalFields,
  replyFields,
  type Shape,
  strayFields,
  verdictsTooEarly,
  volatileFields,
} from '../support/fields-allowed.ts';

/** Codes of refusals and of closes, as the README for those who write clients has them. */
export interface Documented {
  readonly codes: ReadonlySet<string>;
  readonly closes: ReadonlySet<number>;
}

export function documentedIn(readme: string): Documented {
  const table = readme.slice(readme.indexOf('| error | when |'), readme.indexOf('Closes 4000'));
  const codes = [...table.matchAll(/`([a-z_]+)`/g)].map(([, code = '']) => code);
  const closing = readme.slice(readme.indexOf('Closes 4000'), readme.indexOf('REST:'));
  const named = [...closing.matchAll(/\b(1\d{3}|4\d{3})\b/g)].map(([code]) => Number(code));
  // 1011 to 1013 stand there as a range; 1000 answers one who leaves, or who closed first.
  const closes = [...named, 1000, 1012].filter((code) => code !== 4000 && code !== 4499 && code !== 4999);
  return { codes: new Set(codes.filter((code) => code !== 'retryAfterMs')), closes: new Set(closes) };
}

/** What one client has sent and been told, as far as it bears on what it may hear. */
export interface Listener {
  /** Types of requests by the ids that they were sent with. */
  readonly asked: ReadonlyMap<number, ReadonlySet<string>>;
  /** Whether a text is the secret of another. */
  readonly isForeign: (text: string) => boolean;
  /** The last `s` that it heard. */
  s: number;
}

export interface Judged {
  /** What is wrong; empty where nothing is. */
  readonly wrong: readonly string[];
  /** The code of a refusal, `ok`, or the type of an event. */
  readonly outcome: string;
  /** Rounds whose verdict was told. */
  readonly verdicts: readonly string[];
}

/** What has the form of a token, a nonce or a hash, wherever it stands. */
export const secretsIn = (text: string): string[] =>
  text.match(/(?<![\w-])(?:n0nce\w{20,}|[0-9a-f]{64}|[\w-]{43}|[\w-]{22})(?![\w-])/g) ?? [];

const nobody: ReadonlySet<string> = new Set();

/** One text frame of the server. */
export function judgeFrame(text: string, documented: Documented, listener: Listener): Judged {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { wrong: ['the server sent what is no JSON'], outcome: 'none', verdicts: [] };
  }
  const message = value as Readonly<Record<string, unknown>>;
  const judged = 't' in message ? judgeEvent(message, listener) : judgeReply(message, documented, listener);
  const told = secretsIn(text).filter(listener.isForeign);
  const verdicts = verdictsTooEarly(value, nobody).length === 0 ? [] : roundsTold(value);
  return { ...judged, wrong: [...judged.wrong, ...told.map((secret) => `told ${secret}`)], verdicts };
}

function judgeReply(
  message: Readonly<Record<string, unknown>>,
  documented: Documented,
  { asked }: Listener,
): Omit<Judged, 'verdicts'> {
  const { id, ok, err } = message;
  const types = typeof id === 'number' ? asked.get(id) : nobody;
  const unasked = id === null || types !== undefined ? [] : [`a reply to ${String(id)}, which was not asked`];
  if (err === undefined) {
    const strays = [...(types ?? [])].map((type) => strayFields(ok, replyFields[type] ?? {}));
    const fits = strays.some((stray) => stray.length === 0);
    return {
      wrong: fits ? unasked : [...unasked, `an ok with ${strays[0]?.join() ?? 'no request'}`],
      outcome: 'ok',
    };
  }
  const { code } = err as { readonly code: string };
  const wrong = [...unasked, ...strayFields(err, refusalFields)];
  if (!documented.codes.has(code)) wrong.push(`${code} is no code that is documented`);
  // The store is well all the time, so nothing is out of reach, and nothing is our mistake.
  if (code === 'internal' || code === 'unavailable') wrong.push(`refused as ${code}`);
  return { wrong, outcome: code };
}

function judgeEvent(
  { t, s, at, d, ...rest }: Readonly<Record<string, unknown>>,
  listener: Listener,
): Omit<Judged, 'verdicts'> {
  const type = String(t);
  const shape: Shape | undefined = { ...eventFields, ...volatileFields }[type];
  if (shape === undefined) return { wrong: [`${type} is no event`], outcome: type };
  const wrong = [...strayFields(d, shape), ...Object.keys(rest)].map((stray) => `${type} has ${stray}`);
  if (typeof at !== 'number') wrong.push(`${type} has no time`);
  if (typeof s === 'number') {
    if (s <= listener.s) wrong.push(`${type} has s ${s} after ${listener.s}`);
    listener.s = s;
  }
  return { wrong, outcome: type };
}

/** Rounds of which a value says what was true. */
function roundsTold(value: unknown, roundId = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const about = 'roundId' in value && typeof value.roundId === 'string' ? value.roundId : roundId;
  const own = ['truth', 'correct', 'explanation'].some(
    (field) => field in value && (value as Record<string, unknown>)[field] !== null,
  );
  return [...(own ? [about] : []), ...Object.values(value).flatMap((inner) => roundsTold(inner, about))];
}

export interface Response {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Responses that stand one after the other; of one without a length all that is left. */
export function responsesIn(text: string): Response[] {
  const found: Response[] = [];
  let at = 0;
  while (text.startsWith('HTTP/1.', at)) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end < 0) break;
    const head = text.slice(at, end);
    const status = Number(head.slice(9, 12));
    const length = status < 200 ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? Number.NaN);
    const chunked = /^transfer-encoding: chunked/im.test(head);
    const over = chunked ? text.indexOf('0\r\n\r\n', end + 4) + 5 : end + 4 + length;
    const to = Number.isNaN(over) ? text.length : over;
    found.push({ status, head, body: text.slice(end + 4, to) });
    if (to <= at) break;
    at = to;
  }
  return found;
}

const statuses: ReadonlySet<number> = new Set([
  ...[100, 101, 200, 201, 400, 403, 404, 405, 408, 413, 414, 417, 422, 426, 429, 431],
]);

/** One response of the server, to a client that may see the desk or not. */
export function judgeResponse(
  { status, head, body }: Response,
  documented: Documented,
  { operator, isForeign }: { readonly operator: boolean; readonly isForeign: Listener['isForeign'] },
): string[] {
  const wrong: string[] = [];
  if (!statuses.has(status)) wrong.push(`status ${status}: ${body.slice(0, 200)}`);
  if (status === 101 && /^sec-websocket-extensions/im.test(head)) wrong.push('an extension was agreed to');
  const isJson = /^content-type: application\/json/im.test(head);
  if (/^(set-cookie|access-control-allow-)/im.test(head)) wrong.push('a cookie, or leave for other sites');
  if (!operator && /"findings"|"fingerprint"|arena_sockets/.test(body))
    wrong.push('the desk, without its token');
  if (isJson && status >= 400 && !operator) {
    const code = /"code":"(\w+)"/.exec(body)?.[1];
    if (code !== undefined && !documented.codes.has(code))
      wrong.push(`${code} is no code that is documented`);
  }
  if (!operator)
    wrong.push(
      ...secretsIn(body)
        .filter(isForeign)
        .map((secret) => `told ${secret}`),
    );
  return wrong;
}

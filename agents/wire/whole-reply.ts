// Replies made whole before an official client reads them: of bounded length, as JSON whatever their content
// type says, and put together where a server sends pieces though it was asked for one (`data:` lines of
// OpenAI's kind, one JSON a line of Ollama's kind).

import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import { anything } from './anything.ts';
import { errorIn } from './server-error.ts';

/** @throws Error when the body is longer than any useful one. */
export async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  let tail = '';
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limits.replyBytesMax) throw tooLong();
    const part = decoder.decode(chunk, { stream: true });
    parts.push(part);
    tail = (tail + part).slice(-40);
    // Some servers leave the line open after the last piece.
    if (/(?:^|\n)data: ?\[DONE\]\s*$/.test(tail)) break;
  }
  return parts.join('') + decoder.decode();
}

const tooLong = () => new Error(`the reply has more than ${limits.replyBytesMax} bytes`);

/** The response with its body as one JSON; as it came where it is neither JSON nor pieces of it. */
export async function wholeReply(response: Response): Promise<Response> {
  const { status, headers } = response;
  const text = await textOf(response);
  // A response of such a status may not have a body.
  if (text === '') return new Response(null, { status, headers });
  const whole = isJson(text) ? text : joinedFrom(text);
  if (whole === null) return new Response(text, { status, headers });
  const asJson = new Headers(headers);
  asJson.set('content-type', 'application/json');
  return new Response(whole, { status, headers: asJson });
}

function isJson(text: string): boolean {
  return parsed(text) !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function joinedFrom(text: string): string | null {
  const pieces = piecesIn(text);
  return pieces === null ? null : JSON.stringify(joined(pieces));
}

/** Null where it is no stream, or one with a piece that cannot be read. */
function piecesIn(text: string): unknown[] | null {
  const lines = text.split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice('data:'.length));
  const pieces = (data.length > 0 ? data : lines)
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '[DONE]')
    .map(parsed);
  return pieces.length === 0 || pieces.includes(undefined) ? null : pieces;
}

const Delta = z.looseObject({ tool_calls: z.array(z.unknown()).nullish().catch(null).optional() });
const Piece = z.looseObject({
  choices: z
    .array(z.looseObject({ index: z.number().nullish(), delta: Delta.nullish(), finish_reason: anything }))
    .nullish()
    .catch(null),
  message: Delta.nullish().catch(null),
});
type Piece = z.infer<typeof Piece>;

function joined(pieces: readonly unknown[]): unknown {
  const failed = pieces.find((piece) => errorIn(piece) !== null);
  if (failed !== undefined) return failed;
  const read = pieces.flatMap((piece): Piece[] => {
    const { data } = Piece.safeParse(piece);
    return data === undefined ? [] : [data];
  });
  // One piece that is the whole reply, or pieces of Ollama's kind.
  if (!read.some(({ choices }) => choices?.some(({ delta }) => delta))) return joinedMessages(read);
  const firsts = read.flatMap(({ choices }) => (choices ?? []).filter(({ index }) => (index ?? 0) === 0));
  const finish = firsts.map(({ finish_reason }) => finish_reason).findLast((reason) => reason);
  const message = joinedDeltas(firsts.map(({ delta }) => delta ?? {}));
  return { ...lastWith(read, 'usage'), choices: [{ message, finish_reason: finish ?? null }] };
}

function joinedMessages(read: readonly Piece[]): unknown {
  const messages = read.map(({ message }) => message ?? {});
  return read.every(({ message }) => !message)
    ? read.at(-1)
    : { ...read.at(-1), message: joinedDeltas(messages) };
}

function lastWith(read: readonly Piece[], field: string): Record<string, unknown> {
  const value = read.map((piece) => piece[field]).findLast((one) => one !== null && one !== undefined);
  return value === undefined ? {} : { [field]: value };
}

/** Text of the same field one after the other; a call's arguments by its place. */
function joinedDeltas(deltas: readonly z.infer<typeof Delta>[]): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  const calls = new Map<number, string>();
  for (const { tool_calls, ...fields } of deltas) {
    for (const [field, value] of Object.entries(fields)) {
      const before = message[field];
      if (typeof value === 'string' && field !== 'role') message[field] = `${before ?? ''}${value}`;
      else if (Array.isArray(value)) message[field] = [...(Array.isArray(before) ? before : []), ...value];
      else message[field] ??= value;
    }
    for (const [place, call] of (tool_calls ?? []).entries()) addCall(calls, call, place);
  }
  if (calls.size === 0) return message;
  return { ...message, tool_calls: [...calls.values()].map((said) => ({ function: { arguments: said } })) };
}

const CallPiece = z.looseObject({
  index: z.number().nullish(),
  function: z.looseObject({ arguments: anything }).nullish(),
});

function addCall(calls: Map<number, string>, call: unknown, place: number): void {
  const piece = CallPiece.safeParse(call).data;
  const said = piece?.function?.arguments;
  const at = piece?.index ?? place;
  const text = typeof said === 'string' ? said : JSON.stringify(said ?? '');
  calls.set(at, `${calls.get(at) ?? ''}${said === undefined ? '' : text}`);
}

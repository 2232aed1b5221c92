// As much of Valkey's protocol (RESP2) as a stand-in between a client and a server needs.

export interface Command {
  readonly words: readonly Buffer[];
  readonly raw: Buffer;
}

/** Whole commands at the beginning of what came, and what is left. */
export function commandsIn(data: Buffer): { commands: Command[]; rest: Buffer } {
  const commands: Command[] = [];
  let rest = data;
  for (let end = replyEnd(rest, 0); end !== null; end = replyEnd(rest, 0)) {
    commands.push({ words: wordsOf(rest.subarray(0, end)), raw: rest.subarray(0, end) });
    rest = rest.subarray(end);
  }
  return { commands, rest };
}

/** Where the value ends that begins here; null while it is not there to its end. */
export function replyEnd(data: Buffer, from: number): number | null {
  const line = data.indexOf('\r\n', from);
  if (line < 0) return null;
  const length = Number(data.toString('latin1', from + 1, line));
  const kind = String.fromCharCode(data[from] ?? 0);
  let end: number | null = line + 2;
  if (kind === '$' && length >= 0) end += length + 2;
  if (kind === '*') {
    for (let left = length; left > 0 && end !== null; left--) end = replyEnd(data, end);
  }
  return end !== null && end <= data.length ? end : null;
}

function wordsOf(command: Buffer): Buffer[] {
  const words: Buffer[] = [];
  for (let at = command.indexOf('\r\n') + 2; at < command.length; ) {
    const line = command.indexOf('\r\n', at);
    const length = Number(command.toString('latin1', at + 1, line));
    words.push(command.subarray(line + 2, line + 2 + length));
    at = line + 4 + length;
  }
  return words;
}

/** What a server says no with. */
export class Refusal {
  readonly said: string;
  constructor(said: string) {
    this.said = said;
  }
}

export function encoded(value: unknown): Buffer {
  if (value instanceof Refusal) return Buffer.from(`-${value.said}\r\n`);
  if (value === null) return Buffer.from('$-1\r\n');
  if (typeof value === 'number') return Buffer.from(`:${value}\r\n`);
  if (!Array.isArray(value)) return Buffer.from(`$${Buffer.byteLength(String(value))}\r\n${value}\r\n`);
  return Buffer.concat([Buffer.from(`*${value.length}\r\n`), ...value.map(encoded)]);
}

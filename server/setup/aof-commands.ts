// Reads commands as Valkey writes them into an append-only file: `*2 $6 SELECT $1 0`, each word on a line of
// its own. Says where each ends and which it is, where `aof-walk.ts` has to know. Makes no objects: a start
// waits for it.

const [hash, dollar, star, carriageReturn, lineFeed, zero, nine] = [35, 36, 42, 13, 10, 48, 57];
// A number longer than any that a server writes.
const digitsMax = 16;
/** What a number may be instead. */
const [lacking, strange] = [-1, -2];

export type Name = 'MULTI' | 'EXEC' | 'SELECT' | 'other';

export function createCommandReader() {
  const reader = {
    /** Of the command that was read last; '' for a line that is none, such as the time. */
    name: '' as Name | '',
    /** What it selects. */
    database: '',
    /** Behind the command; where it goes on, at the least, if it does not end; where it is strange. */
    end: 0,
    /** Reads what begins at `at`. */
    read(buffer: Buffer, at: number, filled: number): 'command' | 'unfinished' | 'strange' {
      reader.name = '';
      if (at < filled && buffer[at] === hash) return line(buffer, at, filled);
      const words = number(buffer, at, filled, star);
      if (words < 0) return words === lacking ? 'unfinished' : 'strange';
      for (let index = 0; index < words; index++) {
        const length = number(buffer, reader.end, filled, dollar);
        if (length < 0) return length === lacking ? 'unfinished' : 'strange';
        const from = reader.end;
        reader.end = from + length + 2;
        if (reader.end > filled) return 'unfinished';
        if (!endsLine(buffer, from + length)) return 'strange';
        if (index === 0) reader.name = nameOf(buffer, from, length);
        if (index === 1 && reader.name === 'SELECT') {
          reader.database = buffer.toString('latin1', from, from + length);
        }
      }
      return 'command';
    },
  };

  /** A mark, digits, the end of the line. */
  function number(buffer: Buffer, from: number, filled: number, mark: number): number {
    reader.end = from;
    if (from < filled && buffer[from] !== mark) return strange;
    let value = 0;
    for (let at = from + 1; at < filled; at++) {
      const byte = buffer[at] ?? 0;
      if (byte >= zero && byte <= nine && at - from <= digitsMax) {
        value = value * 10 + byte - zero;
        continue;
      }
      reader.end = at;
      if (byte !== carriageReturn || at === from + 1) return strange;
      if (at + 1 === filled) break;
      reader.end = at + 1;
      if (buffer[at + 1] !== lineFeed) return strange;
      reader.end = at + 2;
      return value;
    }
    reader.end = filled + 1;
    return lacking;
  }

  function line(buffer: Buffer, at: number, filled: number): 'command' | 'unfinished' {
    const end = buffer.indexOf(lineFeed, at) + 1;
    const isWhole = end > 0 && end <= filled;
    reader.end = isWhole ? end : filled + 1;
    return isWhole ? 'command' : 'unfinished';
  }

  function endsLine(buffer: Buffer, at: number): boolean {
    if (buffer[at] === carriageReturn && buffer[at + 1] === lineFeed) return true;
    reader.end = buffer[at] === carriageReturn ? at + 1 : at;
    return false;
  }

  return reader;
}

function nameOf(buffer: Buffer, from: number, length: number): Name {
  const name = length === 5 ? 'MULTI' : length === 4 ? 'EXEC' : length === 6 ? 'SELECT' : 'other';
  if (buffer[from] !== name.charCodeAt(0)) return 'other';
  return buffer.toString('latin1', from, from + length) === name ? name : 'other';
}

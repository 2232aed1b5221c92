// What verbs print: tables for people, JSON for programs. A closed pipe ends a verb without an error. Topics,
// names and messages come from players, so whatever a terminal would obey in them is spelled out.

/** Ends the verb, without an error, when the reader of its pipe has left. */
export function endWithPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

// First what we print ourselves: line ends and a few styles. Then control characters, and marks that change
// the direction of text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const obeyed = /(\n|\u001B\[(?:0|1|2|22|33|34|39)m)|[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text that a terminal shows and does not obey: control characters are spelled out as in JSON. */
export const harmless = (text: string): string =>
  text.replace(obeyed, (found, ours) => ours ?? escaped(found));

/** The same for a text within a line: line ends are spelled out, too. */
const onOneLine = (text: string): string => harmless(text).replaceAll('\n', '\\n');

export const print = (text: string): void => void process.stdout.write(`${harmless(text)}\n`);
/** For files: prints the line unchanged. */
export const printAsIs = (line: string): void => void process.stdout.write(`${line}\n`);
/** "1 room", "2 rooms". */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
export const printJson = (value: unknown): void => print(JSON.stringify(value));

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Columns two spaces apart, as wide as their widest cell. */
export function table(columns: readonly Column[], rows: readonly (readonly unknown[])[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => row.map((cell) => onOneLine(String(cell)))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const pad = (text: string, at: number) =>
    columns[at]?.align === 'right' ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

const dim = (text: string): string =>
  process.stdout.isTTY && !process.env['NO_COLOR'] ? `\u001B[2m${text}\u001B[0m` : text;

/** A time for people, in UTC. */
export const timeOf = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);

/** One event on one line: revision, time, type, who wrote it, its round, and what tells it from others. */
export function eventLine({
  rev,
  at,
  type,
  by,
  round,
  data,
}: {
  rev: number;
  at: number;
  type: string;
  by: string;
  round: number | null;
  data: object;
}): string {
  const telling = Object.entries(data)
    .filter(([, value]) => value === null || typeof value !== 'object')
    .map(([key, value]) => `${key}=${onOneLine(shortened(String(value), 60))}`);
  if (round !== null && round > 0) telling.unshift(`round=${round}`);
  return `${String(rev).padStart(5)}  ${dim(timeOf(at))}  ${type.padEnd(20)} ${dim(by.padEnd(12))} ${telling.join(' ')}`;
}

/** What changed at one place. */
export const changeLine = (change: {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}): string => `${change.path}: ${brief(change.before)} → ${brief(change.after)}`;

/** A value on one short line. */
const brief = (value: unknown): string => {
  const text = value === undefined ? '(nothing)' : JSON.stringify(value);
  return shortened(text, 100);
};

const shortened = (text: string, charsMax: number): string =>
  text.length > charsMax ? `${text.slice(0, charsMax - 1)}…` : text;

/** A number as it was typed. An empty text, as of a variable that is not set, gives NaN. */
export const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

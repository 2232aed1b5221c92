// What verbs print: tables that a person can scan, JSON for programs, and never a broken pipe. Topics, names
// and messages are other people's: nothing in them is a command for the terminal.

/** A pipe whose reader has left is the end of the verb, not a failure of it. */
export function endWithPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

// Controls and marks that turn text around; first what is ours: line ends, and the few styles that we use.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const obeyed = /(\n|\u001B\[(?:0|1|2|22|33|34|39)m)|[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text that a terminal only shows: what it would obey is spelled out, as JSON does it. */
export const harmless = (text: string): string =>
  text.replace(obeyed, (found, ours) => ours ?? escaped(found));

/** The same for what stands within a line. */
const onOneLine = (text: string): string => harmless(text).replaceAll('\n', '\\n');

export const print = (text: string): void => void process.stdout.write(`${harmless(text)}\n`);
/** For files: not one byte is changed. */
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

/** A moment as people read it, UTC. */
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

/** A number that somebody typed. Nothing, as of a variable that is not set, is none: NaN. */
export const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

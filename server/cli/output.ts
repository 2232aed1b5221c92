// What verbs print: tables that a person can scan, JSON for programs, and never a broken pipe.

/** A pipe whose reader has left is the end of the verb, not a failure of it. */
export function endWithPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const printJson = (value: unknown): void => print(JSON.stringify(value));

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Columns two spaces apart, as wide as their widest cell. */
export function table(columns: readonly Column[], rows: readonly (readonly unknown[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const pad = (text: string, at: number) =>
    columns[at]?.align === 'right' ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

const dim = (text: string): string =>
  process.stdout.isTTY && !process.env['NO_COLOR'] ? `\u001B[2m${text}\u001B[0m` : text;

/** A moment as people read it, UTC. */
export const timeOf = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);

/** One event on one line: revision, time, type, who wrote it, and what tells it from others. */
export function eventLine({
  rev,
  at,
  type,
  by,
  data,
}: {
  rev: number;
  at: number;
  type: string;
  by: string;
  data: object;
}): string {
  const telling = Object.entries(data)
    .filter(([, value]) => value === null || typeof value !== 'object')
    .map(([key, value]) => `${key}=${String(value).slice(0, 60)}`);
  return `${String(rev).padStart(5)}  ${dim(timeOf(at))}  ${type.padEnd(20)} ${dim(by.padEnd(12))} ${telling.join(' ')}`;
}

/** What changed at one place. */
export const changeLine = (change: {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}): string => `${change.path}: ${brief(change.before)} → ${brief(change.after)}`;

/** A value on one short line. */
export const brief = (value: unknown): string => {
  const text = value === undefined ? '(nothing)' : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
};

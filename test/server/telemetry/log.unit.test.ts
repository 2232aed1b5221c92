import { expect, test } from 'vitest';
import { limits } from '../../../core/limits.ts';
import { secretsIn } from '../../../server/config/configured-secrets.ts';
import { createLog } from '../../../server/telemetry/log.ts';
import { createTracer } from '../../../server/telemetry/tracer.ts';

function logTo(lines: string[], env: Readonly<Record<string, string>> = {}, store = 'redis://localhost') {
  const to = { write: (line: string) => void lines.push(line) };
  return createLog({ level: 'trace', secrets: secretsIn(env) }, store, to);
}

test('a line tells the span that it was written in', async () => {
  const lines: string[] = [];
  const log = logTo(lines);
  const { span } = createTracer({ take: () => undefined, flush: async () => undefined });
  const context = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  log.info('before');
  await span({ name: 'work', kind: 'internal', traceparent: context, attributes: {} }, async () =>
    log.child({ agent: 'writer' }).info({ trace_id: 'of what it is about' }, 'within'),
  );
  const [before, within] = lines.map((line) => JSON.parse(line));
  expect(before).not.toHaveProperty('trace_id');
  expect(within).toMatchObject({ agent: 'writer', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) });
});

test('an error is told without what hangs on it: its command, its request, its headers', () => {
  const lines: string[] = [];
  const secret = 'planted-secret';
  const cause = Object.assign(new Error('the cause'), { request: { headers: { 'x-key': secret } } });
  const error = Object.assign(new Error('WRONGPASS', { cause }), {
    code: 'ERR',
    command: { name: 'auth', args: [secret] },
  });
  logTo(lines).error(error, 'bug');
  expect(JSON.parse(lines.join())).toMatchObject({ err: { type: 'Error', code: 'ERR' } });
  expect(lines.join()).toContain('the cause');
  expect(lines.join()).not.toContain(secret);
});

test('what is configured as secret stands in no line, wherever it came from', () => {
  const lines: string[] = [];
  const env = {
    OPENAI_API_KEY: 'sk-"quoted"\\key',
    ARENA_OPS_TOKEN: 'ops-token-1',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20otel-token-2,x-scope=scope-3',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:collector-4@localhost:4318',
    OLLAMA_URL: 'not an address',
  };
  const log = logTo(lines, env, 'rediss://arena:p%40ss-5@localhost');
  log.child({ of: 'ops-token-1' }).warn(new Error('Bearer otel-token-2, or otel-token-2 alone'));
  log.trace({ deep: { in: ['sk-"quoted"\\key', 'https://user:collector-4@localhost'] } }, 'scope-3 p%40ss-5');
  log.info('p@ss-5');
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  for (const rest of ['ops-token-1', 'otel-token-2', 'scope-3', 'quoted', 'collector-4', 'ss-5']) {
    expect(lines.join(''), rest).not.toContain(rest);
  }
  expect(lines).toHaveLength(3);
});

test('what others say is cut short, however it is told', () => {
  const lines: string[] = [];
  const secret = 'sk-of-nobody';
  const page = `${'.'.repeat(limits.logCharsMax - 6)}${secret.repeat(300_000)}`;
  const log = logTo(lines, { OPENAI_API_KEY: secret });
  log.warn({ error: page, room: 'ABCDEF' }, 'said');
  log.error(new Error(page), 'thrown');
  for (const line of lines) {
    expect(line.length).toBeLessThan(4 * limits.logCharsMax);
    expect(line).not.toContain('sk-');
  }
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    room: 'ABCDEF',
    error: expect.stringMatching(/… and \d+ more$/),
  });
});

test('names under which secrets travel are struck out', () => {
  const lines: string[] = [];
  logTo(lines).info({ token: 'one', join: { nonce: 'two', deep: { password: 'three' } } }, 'joined');
  for (const secret of ['one', 'two', 'three']) expect(lines.join()).not.toContain(`"${secret}"`);
});

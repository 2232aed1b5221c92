import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config/config.ts';
import { troubleWith } from '../../server/telemetry/collector-trouble.ts';
import { instruments } from '../../server/telemetry/instruments.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { freePort } from '../support/ports.ts';
import { type ArenaProcess, startProcess } from '../support/processes.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const preload = fileURLToPath(new URL('../support/tell-loaded.ts', import.meta.url));
const patience = { timeout: 20_000 };
let valkey: TestValkey;
let endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  valkey = await startTestValkey();
  return valkey.stop;
});
afterEach(async () => {
  await Promise.all(endings.map((end) => end()));
  endings = [];
});

async function start(verb: string, env: Readonly<Record<string, string>> = {}): Promise<ArenaProcess> {
  const where = { VALKEY_URL: valkey.url, PORT: String(await freePort()), HOST: '127.0.0.1' };
  const one = startProcess(verb, verb.split(' '), { ...where, NODE_OPTIONS: `--import=${preload}`, ...env });
  endings.push(one.kill);
  return one;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(async () => server.close());
  return (server.address() as AddressInfo).port;
}

const answering = (status: number) =>
  listening(
    createServer(
      (request, response) => void request.resume().on('end', () => response.writeHead(status).end()),
    ),
  );

describe('packages of OpenTelemetry', () => {
  test.each(['serve', 'agents'])('are not loaded without an endpoint: arena %s', async (verb) => {
    const one = await start(verb);
    await expect.poll(one.output, patience).toMatch(/"listening"|"agents are ready"/);
    expect((await one.stop()).code).toBe(0);
    expect(one.output()).not.toContain('loads @opentelemetry');
  });

  test('are, where there is one', async () => {
    const { url, stop } = await startOtlpReceiver();
    endings.push(stop);
    const one = await start('serve', { OTEL_EXPORTER_OTLP_ENDPOINT: url });
    await expect.poll(one.output, patience).toContain('"listening"');
    expect(one.output()).toContain('loads @opentelemetry/sdk-node\n');
    expect(one.output()).not.toContain('lost');
  });
});

describe('a wrong endpoint is said at the start, in a sentence with the cure:', () => {
  const toldFor = async (env: Readonly<Record<string, string>>) => {
    const one = await start('agents writer', env);
    await expect.poll(one.output, patience).toContain('The game goes on.');
    return one.output();
  };
  const tracesTo = (url: string) => toldFor({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

  test('nobody listens there', async () => {
    const said = await tracesTo(`http://127.0.0.1:${await freePort()}`);
    expect(said).toContain(
      'is not listening. Start a collector there or correct OTEL_EXPORTER_OTLP_ENDPOINT.',
    );
  });

  test('it is the port for gRPC', async () => {
    // What a server of HTTP/2 says first.
    const settings = Buffer.from('000000040000000000', 'hex');
    const port = await listening(createTcpServer((socket) => void socket.on('error', () => 0).end(settings)));
    expect(await tracesTo(`http://127.0.0.1:${port}`)).toContain('4317 is for gRPC');
  });

  test('it is the address with /v1/traces', async () => {
    const said = await tracesTo(`http://127.0.0.1:${await answering(404)}/v1/traces`);
    expect(said).toContain('OTEL_EXPORTER_OTLP_ENDPOINT is the address without /v1/traces');
  });

  test('it wants to know who asks', async () => {
    const said = await tracesTo(`http://user:planted@127.0.0.1:${await answering(401)}`);
    expect(said).toContain('Set OTEL_EXPORTER_OTLP_HEADERS.');
    expect(said).not.toContain('user');
  });

  test('it speaks no TLS', async () => {
    expect(await tracesTo(`https://127.0.0.1:${await answering(200)}`)).toContain('Write http://');
  });

  test('it does not answer', async () => {
    const { url, stop } = await startOtlpReceiver('hanging');
    endings.push(stop);
    expect(await tracesTo(url)).toContain('did not take them (Request timed out)');
  });

  test('it takes no measurements', async () => {
    const url = `http://127.0.0.1:${await answering(404)}/v1/metrics`;
    const said = await toldFor({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url });
    expect(said).toContain('Leave OTEL_EXPORTER_OTLP_METRICS_ENDPOINT out: /metrics has them.');
  });

  test('it is no address', () => {
    const wrong = { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' };
    expect(() => readConfig(wrong)).toThrow(/OTLP_ENDPOINT: .* begins with http:\/\/ or https:\/\//);
  });

  test('its host or its certificate are not known', () => {
    const sent = { what: 'Traces', url: 'https://collector:4318/v1/traces' } as const;
    expect(troubleWith(sent, 'ENOTFOUND')).toContain('Correct OTEL_EXPORTER_OTLP_ENDPOINT.');
    expect(troubleWith(sent, 'DEPTH_ZERO_SELF_SIGNED_CERT')).toContain('Set NODE_EXTRA_CA_CERTS.');
    expect(troubleWith(sent, 'ERR_TLS_CERT_ALTNAME_INVALID')).toContain(
      'for another name. Write the name that it is for into OTEL_EXPORTER_OTLP_ENDPOINT.',
    );
    expect(troubleWith(sent, 'CERT_HAS_EXPIRED')).toContain('out of date. Renew it there.');
  });
});

test('measurements go out by OTLP, and it is said when they do again', async () => {
  const receiver = await startOtlpReceiver('failing');
  endings.push(receiver.stop);
  const url = `${receiver.url}/v1/metrics`;
  const one = await start('serve', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url });
  await expect.poll(one.output, patience).toContain('Measurements are lost');
  receiver.mood = 'taking';
  await expect.poll(one.output, patience).toContain('Measurements reach the collector again.');
  for (const name of receiver.metrics) expect(Object.keys(instruments)).toContain(name);
  expect(receiver.metrics).toContain('arena_sockets');
});

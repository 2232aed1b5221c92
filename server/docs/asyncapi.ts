// The protocol as AsyncAPI 3.1, made from the schemas that validate requests and that the tests hold every
// frame against. Served at `/docs/asyncapi.json`.

import { z } from 'zod';
import { Refusal, replies, roomEvents, volatileEvents } from '../../core/messages.ts';
import { closes, requestData, subprotocol } from '../../core/protocol.ts';
import { examples } from './examples.ts';

type Json = Readonly<Record<string, unknown>>;

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  });
  return json;
}

const object = (properties: Json, required: readonly string[]): Json => ({
  type: 'object',
  properties,
  required,
});

function message(name: string, title: string, payload: Json): Json {
  const shown = examples
    .filter((example) => example.message === name)
    .map((example) => ({ payload: example.payload }));
  return { name, title, payload, ...(shown.length === 0 ? {} : { examples: shown }) };
}

function requests(): [string, Json][] {
  return Object.entries(requestData).map(([t, data]) => {
    const properties = { id: { type: 'integer', minimum: 1 }, t: { const: t }, d: schemaOf(data) };
    return [`request.${t}`, message(`request.${t}`, `Request ${t}`, object(properties, ['id', 't']))];
  });
}

function answers(): [string, Json][] {
  const id = { type: ['integer', 'null'], description: 'of the request; null where it could not be read' };
  const good = Object.entries(replies).map(([t, ok]): [string, Json] => {
    const payload = object({ id, ok: schemaOf(ok) }, ['id', 'ok']);
    return [`reply.${t}`, message(`reply.${t}`, `Reply to ${t}`, payload)];
  });
  const refused = object({ id, err: schemaOf(Refusal) }, ['id', 'err']);
  return [...good, ['refusal', message('refusal', 'Any request refused', refused)]];
}

function events(): [string, Json][] {
  const room = Object.entries(roomEvents).map(([t, d]): [string, Json] => {
    const properties = { s: { type: 'integer' }, t: { const: t }, at: { type: 'integer' }, d: schemaOf(d) };
    return [
      `event.${t}`,
      message(`event.${t}`, `Room event ${t}`, object(properties, ['s', 't', 'at', 'd'])),
    ];
  });
  const passing = Object.entries(volatileEvents).map(([t, d]): [string, Json] => {
    const properties = { t: { const: t }, at: { type: 'integer' }, d: schemaOf(d) };
    return [`event.${t}`, message(`event.${t}`, `Message ${t}`, object(properties, ['t', 'd']))];
  });
  return [...room, ...passing];
}

/** `url` is where players reach this server. */
export function asyncApi({ version, url }: { version: string; url: string }): Json {
  const { host, protocol } = new URL(url);
  const [asked, answered, told] = [requests(), answers(), events()];
  const refs = (list: readonly [string, Json][]) =>
    list.map(([name]) => ({ $ref: `#/channels/arena/messages/${name}` }));
  const channel = { $ref: '#/channels/arena' };
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Agent Arena: Fact or Fake',
      version,
      description: `WebSocket, subprotocol \`${subprotocol}\`. Each request gets exactly one reply with its id. Close codes: ${Object.entries(
        closes,
      )
        .map(([name, code]) => `${code} ${name}`)
        .join(', ')}; below 4500 come back, from 4500 on stay away.`,
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { here: { host, protocol: protocol === 'https:' ? 'wss' : 'ws' } },
    channels: {
      arena: { address: '/ws', messages: Object.fromEntries([...asked, ...answered, ...told]) },
    },
    operations: {
      ask: {
        action: 'receive',
        channel,
        messages: refs(asked),
        reply: { channel, messages: refs(answered) },
      },
      tell: { action: 'send', channel, messages: refs(told) },
    },
  };
}

// A model for the example of research: it speaks as much of the chat completions of OpenAI as is asked,
// never says the same twice, and keeps what it was asked and what it said.

import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Beside, Called } from './world.ts';

/** A model takes its time: the process may be killed while it is asked. */
const thinkMs = 60;

export async function startModel(): Promise<Beside> {
  const calls: Called[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { messages = [] } = JSON.parse(body) as { readonly messages?: readonly { content: string }[] };
    await sleep(thinkMs);
    const said = `reply-${calls.length + 1}`;
    calls.push({ asked: messages[0]?.content ?? '', said });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ message: { content: said } }] }));
  });
  // A process that is killed breaks its request off.
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    env: { MODEL_URL: `http://127.0.0.1:${address.port}` },
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

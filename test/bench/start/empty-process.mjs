// What any server with this stack costs at least: Hono, `ws` and `iovalkey`, listening, connected, and
// nothing else. The `start` benchmark runs it with the address of a Valkey.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Redis } from 'iovalkey';
import { WebSocketServer } from 'ws';

const connection = new Redis(process.argv[2] ?? '', { maxRetriesPerRequest: null });
const app = new Hono();
app.get('/health', async (c) => c.text(await connection.ping()));
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => process.send?.('listening'));
new WebSocketServer({ server });
process.on('disconnect', () => process.exit());

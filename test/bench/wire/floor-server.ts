// What a server of answers costs at least: a bare `ws` server that writes each message with one XADD and
// sends it back when it is written.

import { WebSocketServer } from 'ws';
import { connect, untilReady } from '../../../streams/parts.ts';

const [url = '', port = '0'] = process.argv.slice(2);
const commands = connect(url, 'floor');
await untilReady(commands, AbortSignal.timeout(10_000));
const server = new WebSocketServer({ port: Number(port), host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (ws) => {
  ws.on('error', () => undefined);
  ws.on('message', async (data: Buffer) => {
    const text = data.toString();
    await commands.xadd('floor:answers', '*', 'e', text);
    ws.send(text);
  });
});
server.on('listening', () => process.send?.('listening'));
process.on('disconnect', () => process.exit(0));

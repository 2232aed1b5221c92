// Says on the terminal of `arena up`, once, that people can play, and at which address.

import { get } from 'node:http';
import { repeat } from '../../../streams/parts.ts';
import type { Config } from '../../config/config.ts';

const lookMs = 50;
const answerMsMax = 1_000;
const usualPort = 8_000;

/** `others`: the address for other machines in the network, or null. */
export async function announceWhenReady(
  http: Config['http'],
  others: string | null,
  signal: AbortSignal,
): Promise<void> {
  await repeat(signal, async () => ((await announceIfReady(http, others)) ? null : lookMs));
}

/** Looks once. True when the server was ready and it was said. */
export async function announceIfReady(http: Config['http'], others: string | null): Promise<boolean> {
  if (!(await isReady(http))) return false;
  process.stdout.write(`Agent Arena is ready: ${http.publicUrl}\n`);
  process.stdout.write(invitation(http, others));
  return true;
}

/** Without `fetch`, which takes a tenth of a second to load while people wait for this line. */
function isReady({ localUrl }: Config['http']): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const signal = AbortSignal.timeout(answerMsMax);
  const asked = get(`${localUrl}/ready`, { agent: false, signal }, (reply) => {
    reply.resume();
    resolve(reply.statusCode === 200);
  });
  asked.on('error', () => resolve(false));
  return promise;
}

/** What people can do now. Without ARENA_OPS_TOKEN the operator's desk opens from this machine alone. */
function invitation({ publicUrl, port }: Config['http'], others: string | null): string {
  const here = port === usualPort ? '' : `PORT=${port} `;
  const lines = [
    ['play', publicUrl, `or in a terminal: ${here}npx arena play`],
    ...(others === null ? [] : [['', others, 'from phones in the same network']]),
    ['operate', `${publicUrl}/ops`, 'or in a terminal: npx arena doctor'],
    ['write', `${publicUrl}/docs`, 'a client of your own in 30 lines'],
    ['end', 'Ctrl+C', 'nothing is lost: the next start goes on'],
  ];
  const wide = Math.max(...lines.map(([, where = '']) => where.length));
  const text = lines.map(
    ([what = '', where = '', how]) => `  ${what.padEnd(9)}${where.padEnd(wide)}  ${how}`,
  );
  return `\n${text.join('\n')}\n`;
}

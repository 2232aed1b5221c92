// Makes the data of a folder ready for its server: closed to other users, and mended where a crash tore it.
// Called before each start; costs some milliseconds, and 2 s a GB that was written since the last rewrite.

import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { mendFile, tornFiles } from './aof-mend.ts';
import type { Progress } from './private-apt.ts';
import { closeToOthers } from './private-files.ts';

/** @throws AofTrouble where files are there that the server would not read. */
export async function readyData(dataDir: string, port: number, progress: Progress): Promise<void> {
  const data = await realpath(join(dataDir, 'data'));
  const secrets = ['valkey.json', 'valkey.conf'].map((name) => join(dataDir, name));
  const open = (await Promise.all([data, ...secrets].map(closeToOthers))).flat();
  if (open[0] !== undefined) {
    progress(`${open[0]} is another user’s and can be read by others: chmod -R go= ${data}`);
  }
  if ((await tornFiles(data)).length === 0) return;
  const release = await holdPort(port);
  // Another server runs there, and writes; ours will find the port taken and say so.
  if (release === null) return;
  try {
    for (const torn of await tornFiles(data)) {
      for (const line of await mendFile(data, torn)) progress(line);
    }
  } finally {
    await release();
  }
}

/** The port is the lock of the folder: a server listens before it reads its files. Null where it is taken. */
async function holdPort(port: number): Promise<(() => Promise<void>) | null> {
  const server = createServer((socket) => socket.destroy());
  const { promise, resolve: tried, reject } = Promise.withResolvers<boolean>();
  server.once('listening', () => tried(true));
  server.once('error', (error: NodeJS.ErrnoException) =>
    error.code === 'EADDRINUSE' ? tried(false) : reject(error),
  );
  server.listen(port, '127.0.0.1');
  if (!(await promise)) return null;
  return async () => {
    server.close();
    await once(server, 'close');
  };
}

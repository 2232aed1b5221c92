// The URL of a store as a program gives it. The driver takes the local server for what it cannot read, so
// what is no URL of a store is refused before anything is connected.

const protocols = new Set(['redis:', 'rediss:', 'valkey:', 'valkeys:']);

/**
 * The nodes that a URL names: one, or several of a cluster.
 * @throws Error that says in one sentence what a URL of a store is. The URL itself may hold a password, so it
 * is not told.
 */
export function nodesOf(url: string): readonly string[] {
  const urls = url.split(',').map((one) => one.trim());
  for (const one of urls) {
    const why = whyNot(one);
    if (why === null) continue;
    throw new Error(
      `the URL of the store ${why}: write redis://host:port, rediss:// for TLS, and commas between the nodes of a cluster`,
    );
  }
  return urls;
}

function whyNot(url: string): string | null {
  if (url === '') return 'is empty';
  if (!URL.canParse(url)) return 'is none';
  const { protocol, hostname } = new URL(url);
  if (!protocols.has(protocol)) return `begins with ${protocol}`;
  return hostname === '' ? 'names no host' : null;
}

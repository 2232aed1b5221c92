// The address of a server on this machine for phones in the same network.

import { networkInterfaces } from 'node:os';

type Interfaces = ReturnType<typeof networkInterfaces>;

const everywhere: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Null when the server listens to this machine alone, its port is not known yet, or there is no network. */
export function lanUrl(
  { host, port }: { readonly host: string; readonly port: number },
  interfaces: Interfaces = networkInterfaces(),
): string | null {
  if (!everywhere.has(host) || port === 0) return null;
  const outward = Object.values(interfaces)
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return outward === undefined ? null : `http://${outward.address}:${port}`;
}

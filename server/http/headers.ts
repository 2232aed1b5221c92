// The security headers of every reply. They bind this host alone: hosts above and below it in the same domain
// may belong to others.

import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Config } from '../config/config.ts';

type Site = Pick<Config['http'], 'publicUrl' | 'behindTls'>;

// Half a year. It is sent only over TLS, because browsers ignore it elsewhere. It has no includeSubDomains
// and no preload, because these would bind hosts that are not ours.
const strictTransport = 'max-age=15552000';

export function headersFor(site: Site): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: { ...policy, connectSrc: ["'self'", (c) => socketsOf(c, site)] },
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: site.behindTls ? strictTransport : false,
  });
}

// Scripts and styles come as files from this server. The browser refuses inline ones and those of other
// sites.
const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/**
 * Some browsers do not count WebSockets as 'self', so their addresses are listed: for the host that the
 * request names and for that of PUBLIC_URL, since a proxy may have put its own name into the header Host.
 */
function socketsOf(c: Context, { publicUrl }: Site): string {
  const hosts = [c.req.header('host') ?? '', new URL(publicUrl).host];
  const named = [...new Set(hosts)].filter((host) => /^[\w.-]+(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/i.test(host));
  return named.flatMap((host) => [`ws://${host}`, `wss://${host}`]).join(' ');
}

// What every reply asks of the browser. It speaks for this host alone: not for hosts above or below it, which
// may be somebody else's, and not for others that a page could be made to call.

import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Config } from '../config/config.ts';

type Site = Pick<Config['http'], 'publicUrl' | 'behindTls'>;

// Only over TLS does it mean anything; half a year, so that a first visit is seldom in the open. Without
// includeSubDomains and preload, which would bind hosts that are not ours.
const strictTransport = 'max-age=15552000';

export function headersFor(site: Site): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: { ...policy, connectSrc: ["'self'", (c) => socketsOf(c, site)] },
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: site.behindTls ? strictTransport : false,
  });
}

// Scripts and styles come from this server alone, and never from inside the page.
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
 * Not every browser takes 'self' for WebSockets too, so they are named: at the host that was asked, and at
 * the one that people are given, for a proxy may name another than the browser does.
 */
function socketsOf(c: Context, { publicUrl }: Site): string {
  const hosts = [c.req.header('host') ?? '', new URL(publicUrl).host];
  const named = [...new Set(hosts)].filter((host) => /^[\w.-]+(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/i.test(host));
  return named.flatMap((host) => [`ws://${host}`, `wss://${host}`]).join(' ');
}

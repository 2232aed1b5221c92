// Where a model says that something can be looked up. Players get it as a link, so an address that only looks
// like one, leads to a machine of their own network or hides its host is refused, with the reason.

import { Source } from '../../core/claim.ts';
import { limits } from '../../core/limits.ts';
import { plainOf } from './plain-text.ts';
import { clip } from './wording.ts';

export type Sourced =
  | { readonly source: Source; readonly note: string | null }
  | { readonly problem: string };

export function sourceOf(name: string, url: string): Sourced {
  const address = addressOf(url);
  const problem = whatIsWrong(address);
  if (problem !== null) return { problem: `sourceUrl ${problem}` };
  const { hostname } = new URL(address);
  const called = clip(plainOf(name).text, limits.sourceNameCharsMax);
  const source = Source.safeParse({
    name: called === '' ? hostname.replace(/^www\./, '') : called,
    url: address,
  });
  if (!source.success) return { problem: 'sourceUrl is no full https address' };
  return { source: source.data, note: address === url.trim() ? null : 'sourceUrl was mended' };
}

/** Models leave out the scheme, and dress the address up: as a link, in brackets, with a full stop. */
function addressOf(url: string): string {
  const bare = url
    .trim()
    .replace(/^\[[^\]]*\]\((\S+)\)$/, '$1')
    .replace(/^<(\S+)>$/, '$1')
    // From the first of them alone: from each, thousands of them would take a second.
    .replace(/(?<![.,;])[.,;]+$/, '');
  return /^[\w-]+(\.[\w-]+)+(\/|$)/.test(bare) ? `https://${bare}` : bare;
}

// For documentation (RFC 2606), for networks of one's own, or for no web at all.
const noSite =
  /(?:^|\.)(?:example\.(?:com|net|org)|(?:arpa|corp|example|home|internal|intranet|invalid|lan|local|localdomain|localhost|onion|private|test))$/;

function whatIsWrong(address: string): string | null {
  if (address.length > limits.urlCharsMax) return `has ${address.length} characters`;
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(address) ?? [];
  if (authority === undefined || !URL.canParse(address)) return 'is no full https address';
  if (/[\s\p{Cc}\p{Cf}"<>\\^`{|}]/u.test(address)) return 'has characters that no address has';
  if (authority.includes('@')) return 'hides its host behind a name';
  const { hostname, port } = new URL(address);
  // A letter of another script looks like one of ours, whether it is written out or encoded.
  if (/[^\x21-\x7E]|%/.test(authority) || /(?:^|\.)xn--/.test(hostname))
    return 'has a host in letters of another script';
  if (port !== '' || authority.includes(':')) return 'names a port';
  if (hostname.startsWith('[') || /^[\d.]+$/.test(hostname)) return 'names a machine by its number';
  if (noSite.test(hostname)) return 'leads to no site of the web';
  if (!/^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,24}$/.test(hostname)) return 'has no host of the web';
  return null;
}

// The address that stands in links and pictures to scan; the server writes into the page what it knows of it.

import { originForOthers } from './client/site.ts';

const named = document.querySelector<HTMLMetaElement>('meta[name=public-url]')?.content ?? null;

export const siteOrigin = originForOthers(location.origin, named);
export const siteHost = new URL(siteOrigin).host;

/** What stands in an address, also where a `%` was cut short. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

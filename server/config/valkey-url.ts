// The address of the Valkey that this process speaks to: VALKEY_URL, or else the Valkey that `arena up` runs
// in this folder.

import { embeddedUrl } from '../setup/embedded-valkey.ts';
import type { Config } from './config.ts';

/** VALKEY_URL is not set, and `arena up` runs no Valkey here. The message says what to do. */
export class NoValkeyYet extends Error {
  override readonly name = 'NoValkeyYet';
}

/** @throws NoValkeyYet */
export async function valkeyUrl({ valkey: { url, dataDir } }: Config): Promise<string> {
  const found = url ?? (await embeddedUrl(dataDir));
  if (found !== null) return found;
  throw new NoValkeyYet(
    `There is no Valkey to speak to: set VALKEY_URL, or start one here with "npx arena up" (nothing in ${dataDir}).`,
  );
}

/** The addresses in VALKEY_URL: one, or several nodes of a cluster, separated by commas. */
export const nodesOf = (urls: string): string[] => urls.split(',').map((one) => one.trim());

export const firstOf = (urls: string): string => nodesOf(urls)[0] ?? urls;

// A Valkey with modules, where VALKEY_BUNDLE_URL names one; what it holds is thrown away. Tests that want it
// are skipped where there is none.

/** Test files run side by side, so each takes a database of its own. Search works in 0 alone. */
export function bundleUrl(database: number): string | null {
  const url = process.env['VALKEY_BUNDLE_URL'];
  console.log(url ? 'also on a Valkey with modules' : 'VALKEY_BUNDLE_URL names no Valkey with modules');
  return url ? new URL(`/${database}`, url).href : null;
}

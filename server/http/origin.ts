// Which pages may open a WebSocket here. Programs that are no browser send no Origin and may; a browser's
// page must come from this server or from a configured origin.

/** True if a request with these headers may be upgraded. */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  { publicUrl, allowedOrigins }: { publicUrl: string; allowedOrigins: readonly string[] | null },
): boolean {
  if (origin === undefined) return true;
  const from = URL.parse(origin);
  if (from === null) return false;
  const allowed = [publicUrl, ...(allowedOrigins ?? [])].map((url) => new URL(url).origin);
  return allowed.includes(from.origin) || from.host === host;
}

// Which pages may open a WebSocket here: those of this server and those of ALLOWED_ORIGINS. Browsers name the
// page in the header Origin, and a page cannot change it. Other programs send no Origin and may connect.

/** True if a request with these headers may open a WebSocket. */
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

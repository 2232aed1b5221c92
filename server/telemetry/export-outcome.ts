// What became of a batch that was given to a collector. Loaded together with the SDK.

import { type ExportResult, ExportResultCode } from '@opentelemetry/core';

/**
 * Null when it was taken. Else in a word why not: the status of a reply or the code of a connection that
 * failed. Never what the collector says: it may quote the headers that it was sent.
 */
export function whyLost({ code: outcome, error }: ExportResult): string | null {
  if (outcome === ExportResultCode.SUCCESS) return null;
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return `HTTP ${code}`;
  return typeof code === 'string' ? code : (error?.message ?? 'for no reason that it gives');
}

// Waits of the engine that a history would only sit out, laid over `limits.ts` from outside. A lease is
// longer than any history: the test says when that of a dead process is over.

export const quickLimits = {
  leaseMs: 60_000,
  blockMs: 100,
  retryBaseMs: 2,
  retryMaxMs: 20,
  pauseLookMs: 20,
  timerLookMs: 20,
  drainMs: 100,
} as const;

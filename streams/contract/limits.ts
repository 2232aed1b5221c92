// The limits of the engine, each with its reason; `assertEngineLimits` looks for contradictions at start.

export const limits = {
  // A key, a timer and a log line bear it.
  streamIdCharsMax: 200,
  // One commit is one call of a function, which holds up its server: a few milliseconds for so many.
  eventsPerCommitMax: 1_000,
  changesPerCommitMax: 1_000,
  guardsPerCommitMax: 100,
  // A step's key holds its group and its name, each character of which JSON may write as six.
  keyCharsMax: 2_000,
  // What is kept with a key; the result of a step is the longest.
  noteCharsMax: 65_536,
  // Names in meta, and what is compared with their values.
  fieldCharsMax: 1_000,
  timerNameCharsMax: 500,
  // Ten years: what is due later than that is more likely a wrong unit.
  timerMsMax: 315_360_000_000,
  // The last moment that a date has.
  momentMsMax: 8_640_000_000_000_000,
  // An entry that was not renewed for so long is another consumer's. A process that died is noticed then.
  leaseMs: 5_000,
  // How long the server holds a read; a process that ends waits no longer.
  blockMs: 2_000,
  // The same while entries in hand wait for their next try, and will need a permit that the read holds.
  blockBrieflyMs: 20,
  // A socket that is silent for so long while a reply is due is lost; below what a person waits for.
  socketTimeoutMs: 6_000,
  // A handler that throws so often for one entry will throw again.
  exceptionsMax: 5,
  // Deaths may be chance, a machine that goes down for one; so often they are the entry's fault.
  deathsMax: 10,
  retryBaseMs: 200,
  retryMaxMs: 10_000,
  // Between two tries another one came through, so even the slowest comes through long before.
  conflictsMax: 50,
  // While a store is away or waited for: between two lines that say so.
  awayAgainMs: 60_000,
  // Commands of a process on their way to the store; a few milliseconds' work of the server keeps it busy.
  commandsAtOnce: 1_000,
  // Of one call, which holds up its server for less than a millisecond.
  commitsPerCallMax: 32,
  // Of a call of many commits: one that has so many characters takes no further commit, lest the server be
  // held up for long. Each argument counts for `argumentChars` more: the driver takes some 100,000 of them.
  callCharsMax: 1_000_000,
  argumentChars: 40,
  // Events, changes and timers of commands that are committed in order.
  changesInOrderMax: 100,
  // The same for entries whose starts are counted, and for streams that are looked at.
  entriesPerCallMax: 64,
  // Of a stream that is looked at with others; what is more is read page by page.
  lookEntriesMax: 64,
  // Events of one XRANGE: a few hundred kilobytes.
  readPageEntries: 1_000,
  // Values of a field of events that are known to fit, such as ids of streams; losing them costs another
  // look.
  fitValuesKept: 2_000,
  // Streams that a process keeps folded; losing one costs a re-read.
  streamsCachedMax: 500,
  // Hints that a projector takes at once; those about one stream cost one look.
  batchEntriesMax: 500,
  takeEntriesMax: 64,
  // Of an agent with a rate, per partition: what waits for it holds a lease and a few hundred bytes.
  ratedInHandMax: 128,
  // A projection is written at most so often for one stream.
  projectEveryMs: 100,
  timersFiredMax: 100,
  timerLookMs: 250,
  // How long a replica may take to have what is to be acknowledged.
  replicaWaitMs: 1_000,
  // On a cluster: how long a reader waits for a wake-up before it looks by itself.
  sweepMs: 1_000,
  // That quiet events were written, for followers by tail; one that is missed is made up for.
  hintsKept: 10_000,
  // What operators did, per partition.
  operationsKept: 10_000,
  // What runs when its process is told to end may come to its end; the rest is given up for others.
  drainMs: 2_000,
  // A stream that may not leave yet is looked at again after its own time, but neither more often nor later.
  retentionAgainMsMin: 1_000,
  retentionAgainMsMax: 60_000,
  // Quiet events that come while a stream is archived make it be archived anew; groups read a timer's entry
  // soon after one another.
  retentionLooksMax: 5,
  retentionBusyMs: 50,
  retentionAtOnce: 16,
  // Entries of the feed that are looked at for one stream: about a millisecond of the server's.
  retentionLooksEntries: 1_000,
  housekeepingEveryMs: 30_000,
  // A consumer that has not been heard of for so long was a process of yesterday.
  consumerGoneMs: 3_600_000,
  stackCharsMax: 8_000,
  // The result of a step stays in memory for as long as its stream; a long reply of a model fits.
  onceResultBytesMax: 65_536,
  onceNameCharsMax: 200,
  // How long a pause of a group, and its end, may go unseen by a consumer.
  pauseLookMs: 1_000,
  // Of what the last exception of a handler said, kept until its entry is done.
  failureCharsMax: 300,
} as const;

/** Throws when two limits contradict each other; called once at start and by a test. */
export function assertEngineLimits(all: typeof limits = limits): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [all.blockMs < all.leaseMs, 'blockMs < leaseMs'],
    [all.exceptionsMax < all.deathsMax, 'exceptionsMax < deathsMax'],
    [all.drainMs < all.leaseMs, 'drainMs < leaseMs'],
    [all.onceResultBytesMax <= all.noteCharsMax, 'onceResultBytesMax <= noteCharsMax'],
    [all.blockMs < all.socketTimeoutMs, 'blockMs < socketTimeoutMs'],
  ];
  const broken = rules.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (broken.length > 0) throw new Error(`limits contradict each other: ${broken.join('; ')}`);
}

// Every limit of the system, each with its reason. Nothing else in the project writes such a number.
// `assertLimits` cross-checks them at start.

export const limits = {
  // Text a person has to read while a clock runs: two lines on a phone.
  questionCharsMax: 200,
  // Read between two rounds, in about eight seconds.
  explanationCharsMax: 400,
  sourceNameCharsMax: 120,
  urlCharsMax: 300,
  topicCharsMax: 60,
  factKeyCharsMax: 160,
  // Enough that a rejected one has a successor, few enough that a model writes them in one call.
  candidatesMax: 8,

  nameGraphemesMin: 2,
  nameGraphemesMax: 20,
  // A grapheme may be many code points (families, flags, stacked marks); this bounds storage.
  nameCharsMax: 80,
  // A nonce is the seed of a player's token, so it must be hard to guess.
  nonceCharsMin: 16,
  nonceCharsMax: 128,
  tokenCharsMax: 128,
  reportReasonCharsMax: 200,

  roomCodeChars: 6,
  // One ROUND_RESULT carries a row per player; 2,000 rows are about 200 KB.
  playersMax: 2_000,
  // Players named in GAME_OVER and LEADERBOARD_UPDATE on the wire.
  boardEntriesMax: 10,
  // Of the boards over all rooms: kept, and shown.
  boardRowsKept: 100,
  boardRowsShown: 20,
  roundsMin: 1,
  roundsMax: 200,
  secondsMin: 5,
  secondsMax: 120,
  intermissionMsMax: 60_000,
  // A memory of facts asked in a room, so that none is asked twice.
  askedFactsMax: 500,
  // Rounds that a room still knows by their id; five of the longest games.
  shownRoundsMax: 1_000,

  // Requested or ready claims per room: three model calls of 8 s take longer than a round of 10 s.
  claimsAheadMax: 10,
  // After so many cycles for one slot the embedded provider answers.
  cycleAttemptsMax: 3,

  // An answer on its way when the bell rings still counts, without speed points.
  graceMs: 1_000,
  // Nobody reads and decides faster; below it speed is a bot's.
  elapsedMsMin: 500,
  // How often game masters look at a round that has no clock, and when they close it all the same.
  relaxedLookMs: 2_000,
  relaxedRoundMsMax: 600_000,
  // A room without anybody pauses itself: models cost money.
  idlePauseMs: 60_000,
  // A player whose socket broke still counts as connected for so long.
  lastContactMs: 10_000,
  extendMsMax: 60_000,

  // Rounds that difficulty looks back on.
  accuracyRoundsMax: 5,

  // The wire.
  frameBytesMax: 4_096,
  framePayloadBytesMax: 65_536,
  joinWithinMs: 10_000,
  pingEveryMs: 10_000,
  pingMissesMax: 2,
  messagesPerSecond: 10,
  messagesBurst: 20,
  // A whole school may share one address, so the limits per address are loose.
  joinsPerMinutePerAddress: 1_000,
  wrongRoomsPerMinutePerAddress: 20,
  roomsPerMinutePerAddress: 30,
  socketsPerAddress: 2_100,
  protocolErrorsPerMinuteMax: 10,
  fanOutTickMs: 30,
  volatileEveryMs: 250,
  // Volatile messages are left out for a socket with so much unsent; more, or for so long, and it is closed.
  socketBehindBytes: 262_144,
  socketBehindBytesMax: 1_048_576,
  socketBehindMsMax: 5_000,
  // Frames a process keeps per room to bring a returning player up to date.
  framesKeptPerRoom: 2_000,

  // Memory.
  // Questions kept in all; an exact search over 10,000 of them takes 4 ms.
  memoryQuestionsMax: 10_000,
  // Played questions of a room that wait to be remembered while the embedder is away.
  playedKeptPerRoom: 1_000,
  // Embedding a few short texts; a remote embedder that is slower is left out of this one.
  embedMsMax: 3_000,
  embedTextsMax: 16,
  // Of the room's own past questions, and of everybody's, that a candidate is compared with.
  repeatsLookedAt: 1,
  likesLookedAt: 8,
  // Past questions on a topic that a model is told of.
  askedQuestionsNamed: 12,

  // Models.
  // Enough for a researcher to offer a choice of each kind; on a CPU every further one is seconds.
  candidatesAskedPerTruth: 2,
  // Candidates are about 500 tokens, thinking aloud comes on top; ten thousand words are cut off.
  modelTokensMax: 4_096,
  // The longest useful reply is about 3,000 characters.
  replyCharsMax: 20_000,
  // How much of an unusable reply a model is shown again.
  repairCharsMax: 2_000,
  // A model that asks for more patience than this is left alone.
  retryAfterMsMax: 2_000,
  // Facts named to a model that it must stay away from, newest first.
  avoidedFactsNamed: 40,
  originErrorCharsMax: 300,
  // A breaker opens after so many failures in a row and lets one call through after a rest.
  breakerFailures: 3,
  breakerRestMs: 30_000,
  // A stage's work is handed in so long before its alarm rings.
  stageMarginMs: 500,

  // The engine.
  leaseMs: 5_000,
  blockMs: 2_000,
  exceptionsMax: 5,
  deathsMax: 10,
  retryBaseMs: 200,
  retryMaxMs: 10_000,
  conflictsMax: 50,
  readPageEntries: 1_000,
  roomsCachedMax: 500,
  takeEntriesMax: 16,
  timersFiredMax: 100,
  timerLookMs: 250,
  answerHintsMax: 10_000,
  /** What operators did, per partition. */
  operationsKept: 10_000,
  documentEveryMs: 100,
  presenceEveryMs: 5_000,
  drainMs: 4_000,
  // From being told to end to being cut off; longer than any drain.
  endMs: 4_500,
  // A collector answers within milliseconds or is not there. Whoever acknowledges what a span must not
  // be lost for waits so long once; and so long an ending process goes on telling what it did.
  telemetryExportMs: 1_500,
  telemetryFlushMs: 1_000,
  telemetryEndMs: 1_000,
  // Answers of one process whose commits are traced, per second.
  answersTracedPerSecond: 20,
  // How often a process of agents hands its measurements to the servers, and how long they count as present.
  metricsEveryMs: 5_000,
  metricsKeptMs: 20_000,
  housekeepingEveryMs: 30_000,
  // A consumer that has not been heard of for so long was a process of yesterday.
  consumerGoneMs: 3_600_000,
  stackCharsMax: 8_000,
  /** Of what the last exception of a handler said, kept until its entry is done. */
  failureCharsMax: 300,
} as const;

/** Throws when two limits contradict each other; called once at start and by a test. */
export function assertLimits(l: typeof limits = limits): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [l.nameGraphemesMin < l.nameGraphemesMax, 'nameGraphemesMin < nameGraphemesMax'],
    [l.frameBytesMax < l.framePayloadBytesMax, 'frameBytesMax < framePayloadBytesMax'],
    [l.questionCharsMax < l.frameBytesMax, 'questionCharsMax < frameBytesMax'],
    [l.presenceEveryMs < l.lastContactMs, 'presenceEveryMs < lastContactMs'],
    [l.lastContactMs < l.idlePauseMs, 'lastContactMs < idlePauseMs'],
    [l.blockMs < l.leaseMs, 'blockMs < leaseMs'],
    [l.exceptionsMax < l.deathsMax, 'exceptionsMax < deathsMax'],
    [l.socketBehindBytes < l.socketBehindBytesMax, 'socketBehindBytes < socketBehindBytesMax'],
    [l.drainMs < l.leaseMs, 'drainMs < leaseMs'],
    [l.drainMs < l.endMs, 'drainMs < endMs'],
    [2 * l.candidatesAskedPerTruth <= l.candidatesMax, '2 x candidatesAskedPerTruth <= candidatesMax'],
  ];
  const broken = rules.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (broken.length > 0) throw new Error(`limits contradict each other: ${broken.join('; ')}`);
}

// The limits of the system, each with its reason: what others may send, what is kept, and whatever could
// contradict another one, which `assertLimits` looks for at start. How often one file looks at something, or
// how much it shows, is its own business and stands there.

export const limits = {
  // Shorter is no sentence.
  questionCharsMin: 8,
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
  // On one letter: polytonic Greek needs three. Where marks are vowels and tones they stack, up to the four
  // of UTS 39, 5.4; more hide what stands above and below.
  marksMax: 3,
  stackedMarksMax: 4,
  // A grapheme may be many code points (families, flags, stacked marks); this bounds storage.
  nameCharsMax: 80,
  // What a name looks like, letter for letter: some are as wide as several.
  looksCharsMax: 400,
  // A nonce is the seed of a player's token, so it must be hard to guess.
  nonceCharsMin: 16,
  nonceCharsMax: 128,
  tokenCharsMax: 128,
  // The key of a request that may be sent again: two devices of one host must not meet under it by chance.
  intentKeyCharsMin: 16,
  reportReasonCharsMax: 200,

  roomCodeChars: 6,
  // One ROUND_RESULT carries a row per player; 10,000 rows are 1.5 MB.
  playersMax: 10_000,
  // Players that all in a room are told of by name, as they come and go; more than a page lists. A crowd
  // beyond them is counted: to tell each of each is the square of them. Hosts are told of all.
  playersNamed: 50,
  // A game master reads the answers of so many players as they come, so often; fewer are read in a moment
  // when the round is over.
  crowdFollowedFrom: 500,
  crowdFollowedEveryMs: 300,
  // Players named in GAME_OVER and LEADERBOARD_UPDATE on the wire.
  boardEntriesMax: 10,
  // Of the boards over all rooms: kept, and shown.
  boardRowsKept: 100,
  boardRowsShown: 20,
  // Past games that can be read by their link, beside those that stand on a board: some 35 MB.
  pastGamesKept: 10_000,
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
  // Claims that a host may have thrown away by choosing other topics, beside one for each question that was
  // asked: four changes of mind. Then none is requested ahead, and the first of the game is embedded.
  claimsThrownAwayMax: 12,
  // After so many cycles for one round the embedded provider answers.
  cycleAttemptsMax: 3,

  // An answer on its way when the time is up still counts, without speed points.
  graceMs: 1_000,
  // No person reads and decides faster; below it speed is a bot's.
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
  // Each piece of a message, and each piece of TCP of a frame, is an object that waits for the rest; clients
  // send a frame of 4 KiB whole.
  framePiecesMax: 16,
  frameChunksMax: 256,
  joinWithinMs: 10_000,
  pingEveryMs: 10_000,
  pingMissesMax: 2,
  messagesPerSecond: 10,
  messagesBurst: 20,
  // A client that minds when to try again is refused a few times; one that is refused so often does not.
  refusalsPerMinuteMax: 600,
  // Pings and pongs cost no token; a heartbeat is six of them a minute.
  controlFramesPerMinuteMax: 600,
  // Pongs that wait to be taken; a client that goes on with its pings is cut off.
  pongsPendingMax: 60,
  // A whole school may share one address, so the limits per address are loose: all may come at once, and some
  // mistype. At so many guesses a minute one finds one of a thousand rooms in days.
  joinsPerMinutePerAddress: 10_500,
  guessesPerMinutePerAddress: 200,
  roomsPerMinutePerAddress: 30,
  socketsPerAddress: 10_500,
  // A room that was never entered is one anonymous request and 7 kB. Rooms made ahead for a school are kept
  // for a day; beyond the most of all addresses (35 MB) the oldest go, but none within the minute in which
  // its maker comes to it.
  unenteredRoomsPerAddress: 200,
  unenteredRoomsMax: 5_000,
  unenteredKeptMs: 86_400_000,
  unenteredYoungMs: 60_000,
  unenteredLot: 16,
  // TCP connections: a page takes a few more than its socket while it loads. A process bears some twenty
  // thousand; one address, as that of a school, may have half of them. Trusted proxies have no share.
  connectionsPerAddress: 11_000,
  connectionsMax: 22_000,
  // A phone on a bad line sends a request of 1 KB within seconds; its head comes first. Looked at so often.
  headersWithinMs: 8_000,
  requestWithinMs: 15_000,
  requestsLookedAtMs: 1_000,
  headerBytesMax: 8_192,
  headersMax: 100,
  // Between two requests; browsers open a new line without a word.
  keepAliveMs: 5_000,
  // A line on which nothing moves, neither a request nor a reply; a socket has its heartbeat instead.
  silentLineMs: 15_000,
  // Who was told that it is over has so long to hang up, by TCP and by the close of a WebSocket.
  lingerMs: 2_000,
  closeWithinMs: 5_000,
  // Beyond it those are forgotten that were counted longest ago.
  addressesCountedMax: 10_000,
  protocolErrorsPerMinuteMax: 10,
  // Of ids that clients send; ours have 26.
  idCharsMax: 64,
  fanOutTickMs: 30,
  volatileEveryMs: 250,
  // To all sockets of a process, 2 % of its time: a room at a process with ten thousand of them is told how
  // many have answered every five seconds.
  volatileWritesPerMs: 2,
  // Volatile messages are left out for a socket with so much unsent; more, or for so long, and it is closed.
  socketBehindBytes: 262_144,
  socketBehindBytesMax: 1_048_576,
  socketBehindMsMax: 5_000,
  // Frames a process keeps per room to bring a returning player up to date.
  framesKeptPerRoom: 2_000,
  // A server that ends spreads its farewells over the first, waits for the last socket as long as the second,
  // and then for the last reply over HTTP.
  farewellSpreadMs: 500,
  farewellWaitMs: 1_500,
  lastReplyMs: 1_000,

  // Memory.
  // Questions kept in all; an exact search over 10,000 of them takes 4 ms.
  memoryQuestionsMax: 10_000,
  // Played questions of a room that wait to be remembered while the embedder is away.
  playedKeptPerRoom: 1_000,
  // Embedding a few short texts; a remote embedder that is slower is left out of this one.
  embedMsMax: 3_000,
  embedTextsMax: 16,
  // A module of the store that did not do what it should is left alone for so long.
  moduleRestMs: 30_000,
  // How often what the store's Search finds is compared with what is nearest indeed.
  searchCheckEveryMs: 60_000,
  // How long a new index may take to be filled while a search waits; beyond it another look comes later.
  searchFillMsMax: 10_000,
  // The least that a version of Search allows to be asked for at once is 128.
  searchRowsMax: 100,
  // Of the room's own past questions, and of those of all rooms, that a candidate is compared with.
  repeatsLookedAt: 1,
  likesLookedAt: 8,
  // Past questions on a topic that a model is told of.
  askedQuestionsNamed: 12,

  // Models.
  modelNameCharsMax: 120,
  // Enough for a researcher to offer a choice of each kind; on a CPU every further one is seconds.
  candidatesAskedPerTruth: 2,
  // Candidates are about 500 tokens, thinking aloud comes on top; ten thousand words are cut off.
  modelTokensMax: 4_096,
  // The longest useful reply is about 3,000 characters.
  replyCharsMax: 20_000,
  // Beyond it a body is not read: three times what 4,096 tokens take when each comes in a frame of its own.
  replyBytesMax: 4_000_000,
  // No reply has more; a larger count is a fault, and would spend a budget at once.
  tokensCountedMax: 10_000_000,
  // English has about four characters a token, JSON fewer; an estimate is rather too high.
  charsPerToken: 3,
  // A server that allows fewer tokens cannot answer.
  modelTokensMin: 256,
  // What a server may refuse of one request before it is given up: two forms, two names, a role, some bounds.
  modelRefusalsMax: 7,
  // What was learned of a server is learned anew after this; it may have been upgraded.
  modelWaysKeptMs: 3_600_000,
  // How much of an unusable reply a model is shown again.
  repairCharsMax: 2_000,
  // A model that asks for more patience than this is left alone.
  retryAfterMsMax: 2_000,
  // Facts named to a model that it must stay away from, newest first.
  avoidedFactsNamed: 40,
  originErrorCharsMax: 300,
  // What was mended or learned on the way to an answer: lines in its event.
  originNotesMax: 8,
  originNoteCharsMax: 200,
  // A breaker opens after so many failures in a row and lets one call through after a rest.
  breakerFailures: 3,
  breakerRestMs: 30_000,
  // A stage's work is handed in so long before its timer fires.
  stageMarginMs: 500,
  // Where models may cost something and the operator set no bound: some 500 claims of a small model of 2026,
  // and at the price of such a model about as many tokens.
  dayUsdByDefault: 5,
  dayTokensByDefault: 2_000_000,
  // What models cost, by day; longer than any month.
  spentDaysKept: 40,

  // A letter that was put back so often is not put back again without force: it is not the world's fault.
  requeuesMax: 3,
  roomsCachedMax: 500,
  presenceEveryMs: 5_000,
  // Who was connected when; it is deleted for the whole room after this.
  presenceKeptMs: 600_000,
  // From being told to end to being cut off: a child of `arena up`, and any process by itself.
  childEndMs: 3_000,
  endMs: 4_500,
  // A collector answers within milliseconds or is not there. A consumer that
  // acknowledges what a span must not be lost for waits so long once; and so long an ending process goes on
  // telling what it did, or only for a moment to one that did not take the last of it.
  telemetryExportMs: 1_500,
  telemetryFlushMs: 1_000,
  telemetryEndMs: 1_000,
  telemetryLostMs: 250,
  // Answers of one process whose commits are traced, per second.
  answersTracedPerSecond: 20,
  // How often a process of agents hands its measurements to the servers, and how long they count as present.
  metricsEveryMs: 5_000,
  metricsKeptMs: 20_000,
  // A label with ever new values would fill the memory; what is beyond this is left out.
  seriesPerInstrumentMax: 500,
  // Health is asked by anybody, as often as they like: so often the store is read for it, and written to.
  healthLookMs: 100,
  writeProbeEveryMs: 1_000,
  // Where a write has no answer by then, no game goes on.
  writeProbeMsMax: 2_000,
  // Of one field of a log line; a stack of thirty frames is about 3,000.
  logCharsMax: 4_000,
} as const;

/** Throws when two limits contradict each other; called once at start and by a test. */
export function assertLimits(all: typeof limits = limits): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [all.nameGraphemesMin < all.nameGraphemesMax, 'nameGraphemesMin < nameGraphemesMax'],
    [all.frameBytesMax < all.framePayloadBytesMax, 'frameBytesMax < framePayloadBytesMax'],
    [all.questionCharsMax < all.frameBytesMax, 'questionCharsMax < frameBytesMax'],
    [all.presenceEveryMs < all.lastContactMs, 'presenceEveryMs < lastContactMs'],
    [all.lastContactMs < all.idlePauseMs, 'lastContactMs < idlePauseMs'],
    [all.playersMax < all.joinsPerMinutePerAddress, 'playersMax < joinsPerMinutePerAddress'],
    [all.playersMax < all.socketsPerAddress, 'playersMax < socketsPerAddress'],
    [
      all.roomsPerMinutePerAddress < all.unenteredRoomsPerAddress &&
        all.unenteredRoomsPerAddress < all.unenteredRoomsMax,
      'roomsPerMinutePerAddress < unenteredRoomsPerAddress < unenteredRoomsMax',
    ],
    [all.socketsPerAddress < all.connectionsPerAddress, 'socketsPerAddress < connectionsPerAddress'],
    [all.connectionsPerAddress < all.connectionsMax, 'connectionsPerAddress < connectionsMax'],
    [all.headersWithinMs < all.requestWithinMs, 'headersWithinMs < requestWithinMs'],
    [all.keepAliveMs < all.silentLineMs, 'keepAliveMs < silentLineMs'],
    [all.socketBehindBytes < all.socketBehindBytesMax, 'socketBehindBytes < socketBehindBytesMax'],
    [
      all.farewellSpreadMs + all.farewellWaitMs + all.lastReplyMs <= all.childEndMs,
      'farewellSpreadMs + farewellWaitMs + lastReplyMs <= childEndMs',
    ],
    [all.childEndMs < all.endMs, 'childEndMs < endMs'],
    [all.idlePauseMs < all.presenceKeptMs, 'idlePauseMs < presenceKeptMs'],
    [all.modelTokensMin < all.modelTokensMax, 'modelTokensMin < modelTokensMax'],
    [2 * all.candidatesAskedPerTruth <= all.candidatesMax, '2 x candidatesAskedPerTruth <= candidatesMax'],
  ];
  const broken = rules.filter(([holds]) => !holds).map(([, rule]) => rule);
  if (broken.length > 0) throw new Error(`limits contradict each other: ${broken.join('; ')}`);
}

/* timer.pml: how a time limit ends a round, once, and never one that was answered.
 *
 * A commit sets the timer of a round, and the commit of its answer cancels it (streams/valkey/commit.lua). A
 * timer that is due is moved into the feed by whatever process looks first (fire in streams/valkey/streams.lua,
 * streams/consume/timers.ts), and from there it is an entry like any other. An answer that comes while the
 * entry is on its way meets it at the turn: one of both decides anew.
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef STREAMS
#define STREAMS 2
#endif
#ifndef ROUNDS
#define ROUNDS 1 /* of each stream, one after the other */
#endif
#ifndef CRASHES
#define CRASHES 1 /* processes that are killed */
#endif
#ifndef LOSSES
#define LOSSES 0 /* commits whose reply is lost */
#endif
#define TIMERS (STREAMS * ROUNDS) /* that of round r of stream s is r * STREAMS + s + 1 */

/* Where a timer is: in one place at a time. */
#define UNSET 0
#define SET 1
#define DUE 2       /* its time has come */
#define UNREAD 3    /* in the feed */
#define PENDING 4   /* of `owner` */
#define HANDLED 5
#define CANCELLED 6
typedef Timer { byte where, owner }
Timer timer[TIMERS + 1];

#define NOT_ENDED 0
#define ANSWERED 1
#define TIMED_OUT 2
byte ended[TIMERS + 1]; /* how the round of this timer ended */
byte told[TIMERS + 1];  /* what its client was told of the answer: NOT_ENDED is nothing */
byte turn[STREAMS], asked[STREAMS]; /* rounds that were begun */

#define IDLE 0
#define TAKEN 1     /* has the entry of a timer */
#define ANSWERING 2 /* has an answer */
#define DECIDED 3   /* has seen the stream, for the entry */
#define DECIDED_ANSWER 4
#define DOWN 5
typedef Process { byte phase, hand, turn, ended }
Process process[PROCESSES + 1];

byte crashes, losses; /* so far */
hidden byte at;

#define MY process[me]
#define STREAM_OF(t) (((t) - 1) % STREAMS)
#define TURN turn[STREAM_OF(MY.hand)]
#define CONFLICT (MY.turn != TURN)
#define OPEN(t) (asked[STREAM_OF(t)] == ((t) - 1) / STREAMS + 1 && ended[t] == NOT_ENDED)

#ifdef TRACE
inline tell() {
  at = 1;
  do
  :: at > TIMERS -> break
  :: else -> printf("timer %d %d %d %d\n", at, timer[at].where, timer[at].owner, ended[at]); at++
  od;
  at = 0;
  do
  :: at == STREAMS -> break
  :: else -> printf("stream %d %d %d\n", at, turn[at], asked[at]); at++
  od
}
#define STEP(what, who, which) tell(); printf(what, who, which)
#else
#define STEP(what, who, which) printf(what, who, which)
#endif

inline put_down(next) { MY.phase = next; MY.hand = 0; MY.turn = 0; MY.ended = 0 }
inline look(next) { MY.phase = next; MY.turn = TURN; MY.ended = ended[MY.hand] }

inline end_round(how) {
  assert(ended[MY.hand] == NOT_ENDED); /* a round ends once */
  TURN++;
  ended[MY.hand] = how
}

inline cancel() {
  if
  :: timer[MY.hand].where == SET || timer[MY.hand].where == DUE -> timer[MY.hand].where = CANCELLED
  :: else /* it has fired already */
  fi
}

/* The end of the round and the end of its timer are one commit. Where the round has ended, nothing is written,
 * and the client is told how. */
inline commit_answer() {
  if :: MY.ended == NOT_ENDED -> end_round(ANSWERED); cancel() :: else fi
}

/* As long as the round is open it ends it; else its timer came too late, and is only acknowledged. */
inline commit_timeout() {
  if :: MY.ended == NOT_ENDED -> end_round(TIMED_OUT) :: else fi;
  if :: timer[MY.hand].where == PENDING -> timer[MY.hand].where = HANDLED; timer[MY.hand].owner = 0 :: else fi
}

#define STEPS_OF(t) \
  /* Puts it into the feed. */ \
  :: d_step { t <= TIMERS && MY.phase == IDLE && timer[t].where == DUE -> STEP("fire %d %d\n", me, t); \
       assert(ended[t] == NOT_ENDED); /* none fires after the commit that cancelled it */ \
       timer[t].where = UNREAD } \
  :: d_step { t <= TIMERS && MY.phase == IDLE && timer[t].where == UNREAD -> STEP("take %d %d\n", me, t); \
       timer[t].where = PENDING; timer[t].owner = me; MY.hand = t; MY.phase = TAKEN } \
  /* Of a process that is gone, its own last life included; lease.pml tells when. */ \
  :: d_step { t <= TIMERS && MY.phase == IDLE && timer[t].where == PENDING \
       && process[timer[t].owner].hand != t -> STEP("claim %d %d\n", me, t); \
       timer[t].owner = me; MY.hand = t; MY.phase = TAKEN } \
  /* The client of an open round answers; it asks again until it is told something. */ \
  :: d_step { t <= TIMERS && MY.phase == IDLE && OPEN(t) && told[t] == NOT_ENDED && !ANSWERED_BY_ANOTHER(t) -> \
       STEP("answer %d %d\n", me, t); MY.hand = t; MY.phase = ANSWERING }
#define ANSWERS(who, t) (process[who].hand == t && (process[who].phase == ANSWERING \
  || process[who].phase == DECIDED_ANSWER))
#define ANSWERED_BY_ANOTHER(t) (ANSWERS(1, t) || ANSWERS(2, t) || ANSWERS(PROCESSES, t))

proctype worker(byte me) {
  do
  STEPS_OF(1) STEPS_OF(2) STEPS_OF(3) STEPS_OF(4)
  :: d_step { MY.phase == TAKEN -> STEP("look %d %d\n", me, MY.hand); look(DECIDED) }
  :: d_step { MY.phase == ANSWERING -> STEP("load %d %d\n", me, MY.hand); look(DECIDED_ANSWER) }
  :: d_step { MY.phase == DECIDED && !CONFLICT -> STEP("time_out %d %d\n", me, MY.hand);
       commit_timeout(); put_down(IDLE) }
  :: d_step { MY.phase == DECIDED_ANSWER && !CONFLICT -> STEP("end_by_answer %d %d\n", me, MY.hand);
       commit_answer(); told[MY.hand] = ended[MY.hand]; put_down(IDLE) }
  :: d_step { MY.phase == DECIDED && CONFLICT -> STEP("conflict %d %d\n", me, MY.hand); MY.phase = TAKEN }
  :: d_step { MY.phase == DECIDED_ANSWER && CONFLICT -> STEP("conflict %d %d\n", me, MY.hand);
       MY.phase = ANSWERING }
  /* The client, or the runner of the entry, comes again. */
  :: d_step { MY.phase == DECIDED_ANSWER && !CONFLICT && losses < LOSSES ->
       STEP("answer_lost %d %d\n", me, MY.hand);
       losses++; commit_answer(); put_down(IDLE) }
  :: d_step { MY.phase == DECIDED && !CONFLICT && losses < LOSSES -> STEP("time_out_lost %d %d\n", me, MY.hand);
       losses++; commit_timeout(); put_down(IDLE) }
  :: d_step { MY.phase != DOWN && crashes < CRASHES -> STEP("crash %d %d\n", me, MY.hand);
       crashes++; put_down(DOWN) }
  :: d_step { MY.phase == DOWN -> STEP("restart %d %d\n", me, 0); MY.phase = IDLE }
  od
}

/* Begins the next round of a stream, whose timer is set by the same commit; and time goes by. */
#define NEXT(s) (asked[s] * STREAMS + s + 1)
#define BEGIN(s) :: d_step { s < STREAMS && asked[s] < ROUNDS \
       && (asked[s] == 0 || ended[NEXT(s) - STREAMS] != NOT_ENDED) -> STEP("begin %d %d\n", 0, s); \
       turn[s]++; timer[NEXT(s)].where = SET; asked[s]++ }
#define EXPIRE(t) :: d_step { t <= TIMERS && timer[t].where == SET -> STEP("expire %d %d\n", 0, t); \
       timer[t].where = DUE }

active proctype outside() {
  do
  BEGIN(0) BEGIN(1)
  EXPIRE(1) EXPIRE(2) EXPIRE(3) EXPIRE(4)
  od
}

/* Every round has ended, by what its client was told; every timer is handled or cancelled. */
active proctype judge() {
  timeout -> d_step {
    STEP("end %d %d\n", 0, 0);
    at = 1;
    do
    :: at > TIMERS -> break
    :: else ->
       assert(ended[at] != NOT_ENDED && (told[at] == NOT_ENDED || told[at] == ended[at]));
       assert(timer[at].where == HANDLED || timer[at].where == CANCELLED);
       assert(ended[at] != TIMED_OUT || timer[at].where == HANDLED); /* of nothing but its timer */
       at++
    od
  }
}

init {
  byte me = 1;
  atomic { do :: me > PROCESSES -> break :: else -> run worker(me); me++ od }
}

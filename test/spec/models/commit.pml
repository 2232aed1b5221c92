/* commit.pml: how a command becomes an event, once, whatever its sender does not learn.
 *
 * streams/handle/command-handler.ts loads a stream, decides, and commits with the turn that it saw; what the
 * commit looks at stands in streams/valkey/commit.lua: its key first, then the epoch and the turn. Each step
 * below is one call of the store, which nothing interrupts.
 * A stream has SEATS seats, and each command wants one. It is decided by how many are taken, so a decision on a
 * state of yesterday would seat two on one. A client that is told nothing asks again, at any process. An
 * operator may delete a stream, and another life begins under its id, with the same revisions: its epoch is
 * another.
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef STREAMS
#define STREAMS 2
#endif
#ifndef COMMANDS
#define COMMANDS 3 /* command c is for stream c % STREAMS */
#endif
#ifndef CRASHES
#define CRASHES 1 /* processes that are killed */
#endif
#ifndef LOSSES
#define LOSSES 1 /* commits whose request or reply is lost */
#endif
#ifndef DOUBLES
#define DOUBLES 1 /* commands that are asked again while the first try is still on its way */
#endif
#ifndef LIVES
#define LIVES 1 /* streams that are deleted */
#endif
#define SEATS 1

/* The store: a stream, and the seat that stands under each command's key. The keys go with their stream. */
typedef Stream { byte rev, epoch, taken } /* rev 0: there is none */
Stream stream[STREAMS];
byte seat[COMMANDS + 1];

/* What the client was told of its command. */
#define NOTHING 0
#define SEATED 1
#define REJECTED 2
byte told[COMMANDS + 1];
bool counted[COMMANDS + 1]; /* written in whatever life */

#define IDLE 0
#define ASKED 1    /* has a command, and has not looked */
#define DECIDED 2  /* has seen the stream and will write an event */
#define REFUSING 3 /* the rules say no: is it a repeat? */
#define DOWN 4
typedef Process { byte phase, command, rev, epoch, taken }
Process process[PROCESSES + 1];

byte crashes, losses, doubles, lives; /* so far */
hidden byte at;

#define MY process[me]
#define TARGET stream[MY.command % STREAMS]
#define KEPT seat[MY.command]

#ifdef TRACE
inline tell() {
  at = 1;
  do
  :: at > COMMANDS -> break
  :: else -> printf("command %d %d %d\n", at, seat[at], told[at]); at++
  od;
  at = 0;
  do
  :: at == STREAMS -> break
  :: else -> printf("stream %d %d %d %d\n", at, stream[at].rev, stream[at].epoch, stream[at].taken); at++
  od
}
#define STEP(what, who, which) tell(); printf(what, who, which)
#else
#define STEP(what, who, which) printf(what, who, which)
#endif

inline unsee(next) { MY.phase = next; MY.rev = 0; MY.epoch = 0; MY.taken = 0 }
inline put_down(next) { unsee(next); MY.command = 0 }

/* The first word counts: a client that asked twice goes by the reply that comes first. */
inline reply(what) {
  if :: told[MY.command] == NOTHING -> told[MY.command] = what :: else fi;
  put_down(IDLE)
}

#define DUP (KEPT != 0)
#define CONFLICT (!DUP && (MY.rev != TARGET.rev || MY.epoch != TARGET.epoch))

inline commit() {
  if
  :: DUP
  :: else ->
     assert(KEPT == 0);                      /* no effect twice */
     assert(MY.epoch == TARGET.epoch);       /* decided on the life that it is written to */
     assert(MY.taken == TARGET.taken);       /* and on what there is of it: order */
     TARGET.rev++;
     TARGET.taken++;
     KEPT = MY.taken + 1;
     counted[MY.command] = true
  fi
}

#define UNDER_WAY(c) (process[1].command == c || process[2].command == c || process[PROCESSES].command == c)
#define ASK(c) :: d_step { c <= COMMANDS && MY.phase == IDLE && told[c] == NOTHING \
       && (!UNDER_WAY(c) || doubles < DOUBLES) -> STEP("ask %d %d\n", me, c); \
       if :: UNDER_WAY(c) -> doubles++ :: else fi; \
       MY.command = c; MY.phase = ASKED }

proctype writer(byte me) {
  do
  ASK(1) ASK(2) ASK(3) ASK(4)
  :: d_step { MY.phase == ASKED -> STEP("load %d %d\n", me, MY.command);
       MY.rev = TARGET.rev; MY.epoch = (TARGET.rev > 0 -> TARGET.epoch : 0); MY.taken = TARGET.taken;
       if
       :: MY.rev > 0 && MY.taken < SEATS -> MY.phase = DECIDED
       :: else -> unsee(REFUSING)
       fi }
  :: d_step { MY.phase == DECIDED && !CONFLICT -> STEP("commit %d %d\n", me, MY.command);
       commit(); reply(SEATED) }
  :: d_step { MY.phase == DECIDED && CONFLICT -> STEP("conflict %d %d\n", me, MY.command); unsee(ASKED) }
  /* A repeat is often refused because of what its first time changed, so the key is asked. */
  :: d_step { MY.phase == REFUSING -> STEP("refuse %d %d\n", me, MY.command);
       if :: DUP -> reply(SEATED) :: else -> reply(REJECTED) fi }
  /* What came of it is unknown, and the client is told so: nothing. */
  :: d_step { MY.phase == DECIDED && losses < LOSSES -> STEP("request_lost %d %d\n", me, MY.command);
       losses++; put_down(IDLE) }
  :: d_step { MY.phase == DECIDED && !CONFLICT && losses < LOSSES -> STEP("reply_lost %d %d\n", me, MY.command);
       losses++; commit(); put_down(IDLE) }
  :: d_step { MY.phase != DOWN && crashes < CRASHES -> STEP("crash %d %d\n", me, MY.command);
       crashes++; put_down(DOWN) }
  :: d_step { MY.phase == DOWN -> STEP("restart %d %d\n", me, 0); MY.phase = IDLE }
  od
}

/* An operator deletes a stream, and somebody begins another one under its id. */
#define DELETE(s) :: d_step { stream[s].rev > 0 && lives < LIVES -> STEP("delete %d %d\n", 0, s); \
       lives++; stream[s].rev = 0; stream[s].taken = 0; at = 1; \
       do \
       :: at > COMMANDS -> break \
       :: else -> if :: at % STREAMS == s -> seat[at] = 0 :: else fi; at++ \
       od } \
  :: d_step { stream[s].rev == 0 -> STEP("begin %d %d\n", 0, s); stream[s].rev = 1; stream[s].epoch++ }

active proctype operator() {
  do
  DELETE(0)
#if STREAMS > 1
  DELETE(1)
#endif
  od
}

/* When nothing more can happen, every client was told the truth. No run goes on for ever (the checker looks for
 * cycles, too), so this is how every run ends. */
active proctype judge() {
  timeout -> d_step {
    STEP("end %d %d\n", 0, 0);
    at = 1;
    do
    :: at > COMMANDS -> break
    :: else ->
       assert(told[at] != NOTHING);
       assert(told[at] != SEATED || counted[at]);                             /* no acknowledged command lost */
       assert(told[at] != SEATED || seat[at] > 0 || lives > 0);
       /* In another life it may be asked anew, by a client that has heard of the first only. */
       assert(told[at] != REJECTED || !counted[at] || lives > 0);
       at++
    od
  }
}

init {
  byte me = 1;
  atomic { do :: me > PROCESSES -> break :: else -> run writer(me); me++ od }
}

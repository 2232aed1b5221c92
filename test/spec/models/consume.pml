/* consume.pml: how an entry of the feed becomes an effect, once, whatever process dies in between.
 *
 * streams/consume/consumer.ts is the loop, run-entry.ts the way of one entry. Each step below is what one call
 * of a function of the store does (streams/valkey/consume.lua, commit.lua), which nothing interrupts.
 * A client's command is an event, of which the feed is told. The handler answers it with one event, its effect,
 * under a key, and the commit that writes the effect acknowledges the entry. The handler numbers the effects of
 * a stream from what it has seen of it: two with one number, or a number left out, would be a decision on
 * another state than the one it was written to.
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef STREAMS
#define STREAMS 2
#endif
#ifndef COMMANDS
#define COMMANDS 2 /* command c is for stream c % STREAMS */
#endif
#ifndef CRASHES
#define CRASHES 1 /* processes that are killed */
#endif
#ifndef LOSSES
#define LOSSES 0 /* calls whose request or reply is lost */
#endif
#ifndef THROWS
#define THROWS 0 /* exceptions of the handler */
#endif
#ifndef STALLS
#define STALLS 0 /* leases that end although their process lives: it is stopped, and goes on */
#endif
#ifndef REQUEUES
#define REQUEUES 0 /* dead letters that an operator puts back */
#endif
#ifndef EXCEPTIONS_MAX
#define EXCEPTIONS_MAX 2 /* limits.exceptionsMax is 5 */
#endif
#ifndef DEATHS_MAX
#define DEATHS_MAX 2 /* limits.deathsMax is 10 */
#endif
#ifndef POISONED
#define POISONED 0 /* the command whose handler never comes to its end: it throws, or its process dies.
                      * THROWS has to be enough for it: twice for each entry, once more for each crash. */
#endif
#define ENTRIES_MAX 8

/* The store: streams, the feed with one group, and the counts of attempts. */
#define NOWHERE 0
#define UNREAD 1
#define PENDING 2
#define ACKNOWLEDGED 3
#define LETTER 4
#define REQUEUED 5
typedef Entry { byte where, owner, command, starts, exceptions }
typedef Stream { byte turn, effects }
Entry entry[ENTRIES_MAX + 1];
Stream stream[STREAMS];
byte number[COMMANDS + 1]; /* of the effect that stands under this command's key; 0: none */
byte written, delivered;   /* entries of the feed; how far the group was given them */

/* A process: what it has in hand, and what it has seen of the stream. */
#define IDLE 0
#define FOREIGN 1   /* has an entry that concerns no handler: an effect is told to the feed, too */
#define TAKEN 2     /* has an entry, whose start is not counted */
#define RUNNING 3   /* has looked at the stream; its handler runs */
#define AGAIN 4     /* looks again: its commit conflicted, or would write nothing by what it saw first */
#define GIVING_UP 5 /* makes a dead letter */
#define DOWN 6
typedef Process { byte phase, hand, turn, effects, number }
Process process[PROCESSES + 1];

byte commands, crashes, losses, throws, stalls, requeues; /* so far */
hidden byte at, found;

#define MY process[me]
#define HAND entry[MY.hand]
#define OF(command) stream[(command) % STREAMS]
#define PENDING_AT(e, who) (entry[e].where == PENDING && entry[e].owner == who)
#define MINE PENDING_AT(MY.hand, me)
#define IN_HAND (MY.phase >= TAKEN && MY.phase <= GIVING_UP)
#define OWN_LEFT (PENDING_AT(1, me) || PENDING_AT(2, me) || PENDING_AT(3, me) \
  || PENDING_AT(4, me) || PENDING_AT(5, me) || PENDING_AT(6, me) || PENDING_AT(7, me) || PENDING_AT(8, me))
#define FREE (MY.phase == IDLE && !OWN_LEFT)

#ifdef TRACE
inline tell() {
  at = 1;
  do
  :: at > written -> break
  :: else ->
     printf("entry %d %d %d %d %d %d\n", at, entry[at].where, entry[at].owner, entry[at].command,
       entry[at].starts, entry[at].exceptions);
     at++
  od;
  at = 1;
  do
  :: at > PROCESSES -> break
  :: else -> printf("process %d %d %d\n", at, process[at].phase, process[at].hand); at++
  od;
  at = 0;
  do
  :: at == STREAMS -> break
  :: else -> printf("stream %d %d %d\n", at, stream[at].turn, stream[at].effects); at++
  od
}
#define STEP(what, who, which) tell(); printf(what, who, which)
#else
#define STEP(what, who, which) printf(what, who, which)
#endif

inline tell_feed(what) {
  written++;
  assert(written <= ENTRIES_MAX);
  entry[written].where = UNREAD;
  entry[written].command = what
}

inline give(e) { entry[e].where = PENDING; entry[e].owner = me }

inline take_up(e) {
  MY.hand = e;
  MY.phase = (entry[e].command == 0 -> FOREIGN : TAKEN)
}

inline unsee(next) { MY.phase = next; MY.turn = 0; MY.effects = 0; MY.number = 0 }
inline put_down(next) { unsee(next); MY.hand = 0 }

/* XACK, which does not ask whose the entry is, and the end of its counts. */
inline acknowledge() {
  if :: HAND.where == PENDING -> HAND.where = ACKNOWLEDGED; HAND.owner = 0 :: else fi;
  HAND.starts = 0; HAND.exceptions = 0
}

inline look() {
  MY.turn = OF(HAND.command).turn;
  MY.effects = OF(HAND.command).effects;
  MY.number = number[HAND.command];
  MY.phase = RUNNING
}

/* What the commit looks at: first its key, then the turn that it expects. Where the effect was seen already,
 * the handler wants no event, and the commit only acknowledges. */
#define DUP (MY.number == 0 && number[HAND.command] != 0)
#define CONFLICT (!DUP && MY.turn != OF(HAND.command).turn)
#define COMMITS (MY.phase == RUNNING && HAND.command != POISONED)

/* Key, turn, event, feed and acknowledgement are one step. */
inline commit() {
  if
  :: !DUP && MY.number == 0 ->
     assert(number[HAND.command] == 0);                /* no effect twice */
     assert(MY.effects == OF(HAND.command).effects);   /* decided on what it is written to */
     OF(HAND.command).turn++;
     OF(HAND.command).effects++;
     number[HAND.command] = OF(HAND.command).effects;
     tell_feed(0)
  :: else
  fi;
  acknowledge()
}

inline uncount() { if :: MINE -> HAND.starts-- :: else fi; unsee(TAKEN) }

/* Takes over an entry whose lease has ended: its process is gone, or has lost sight of it, or stands still. */
#define LEFT(e) (process[entry[e].owner].hand != e)
#define CLAIM(e) :: d_step { FREE && entry[e].where == PENDING && entry[e].owner != me \
       && (LEFT(e) || stalls < STALLS) -> STEP("claim %d %d\n", me, e); \
       if :: LEFT(e) :: else -> stalls++ fi; \
       give(e); take_up(e) }

proctype consumer(byte me) {
  do
  :: d_step { FREE && delivered < written -> STEP("take %d %d\n", me, delivered + 1);
       delivered++; give(delivered); take_up(delivered) }
  /* Its reply is lost: the entry is its own, and it does not know. */
  :: d_step { FREE && delivered < written && losses < LOSSES ->
       STEP("take_lost %d %d\n", me, delivered + 1);
       losses++; delivered++; give(delivered) }
  /* What is pending at it and not in its hand: of its last life, or of a lost reply. It looks there first. */
  :: d_step { MY.phase == IDLE && OWN_LEFT -> found = 1;
       do :: PENDING_AT(found, me) -> break :: else -> found++ od;
       STEP("retake %d %d\n", me, found); take_up(found) }
  CLAIM(1) CLAIM(2) CLAIM(3) CLAIM(4) CLAIM(5) CLAIM(6) CLAIM(7) CLAIM(8)

  :: d_step { MY.phase == FOREIGN -> STEP("ack %d %d\n", me, MY.hand); acknowledge(); put_down(IDLE) }

  /* Looks at the stream, and counts the start before the handler runs. */
  :: d_step { MY.phase == TAKEN -> STEP("start %d %d\n", me, MY.hand);
       if
       :: !MINE -> put_down(IDLE)
       :: else ->
          HAND.starts++;
          if
          :: HAND.starts - 1 - HAND.exceptions >= DEATHS_MAX -> MY.phase = GIVING_UP
          :: else -> look(); if :: MY.number != 0 -> unsee(AGAIN) :: else fi
          fi
       fi }
  :: d_step { COMMITS && !CONFLICT -> STEP("commit %d %d\n", me, MY.hand);
       commit(); put_down(IDLE) }
  :: d_step { COMMITS && CONFLICT -> STEP("conflict %d %d\n", me, MY.hand); unsee(AGAIN) }
  :: d_step { MY.phase == AGAIN -> STEP("look %d %d\n", me, MY.hand); look() }

  /* What came of the commit is unknown: its request was lost, or its reply. No death, so the start does not
   * count, and it is tried again. */
  :: d_step { COMMITS && losses < LOSSES -> STEP("request_lost %d %d\n", me, MY.hand);
       losses++; uncount() }
  :: d_step { COMMITS && !CONFLICT && losses < LOSSES -> STEP("reply_lost %d %d\n", me, MY.hand);
       losses++; commit(); uncount() }

  :: d_step { MY.phase == RUNNING && throws < THROWS -> STEP("throw %d %d\n", me, MY.hand);
       throws++;
       if
       :: !MINE -> put_down(IDLE)
       :: else ->
          HAND.exceptions++;
          if :: HAND.exceptions >= EXCEPTIONS_MAX -> unsee(GIVING_UP) :: else -> unsee(TAKEN) fi
       fi }
  :: d_step { MY.phase == GIVING_UP -> STEP("dead_letter %d %d\n", me, MY.hand);
       if
       :: MINE ->
          assert(HAND.exceptions >= EXCEPTIONS_MAX || crashes + stalls >= DEATHS_MAX); /* for a reason */
          assert(number[HAND.command] == 0 || requeues > 0);                         /* of no work done */
          acknowledge(); HAND.where = LETTER
       :: else
       fi;
       put_down(IDLE) }

  /* Its renewal tells it that the entry is another's. */
  :: d_step { IN_HAND && HAND.where == PENDING && HAND.owner != me -> STEP("lost %d %d\n", me, MY.hand);
       put_down(IDLE) }
  :: d_step { MY.phase != DOWN && crashes < CRASHES -> STEP("crash %d %d\n", me, MY.hand);
       crashes++; put_down(DOWN) }
  :: d_step { MY.phase == DOWN -> STEP("restart %d %d\n", me, 0); MY.phase = IDLE }
  od
}

/* The client, whose commands come at any time (commit.pml is about them), and the operator. */
#define REQUEUE(e) :: d_step { entry[e].where == LETTER && requeues < REQUEUES -> \
       STEP("requeue %d %d\n", 0, e); \
       requeues++; entry[e].where = REQUEUED; tell_feed(entry[e].command) }

active proctype outside() {
  do
  :: d_step { commands < COMMANDS -> STEP("command %d %d\n", 0, commands + 1);
       commands++; OF(commands).turn++; tell_feed(commands) }
  REQUEUE(1) REQUEUE(2) REQUEUE(3) REQUEUE(4) REQUEUE(5) REQUEUE(6) REQUEUE(7)
  od
}

/* When nothing more can happen, everything has come to its end: no command lost, nothing left behind. No run
 * goes on for ever (the checker looks for cycles, too), so this is how every run ends. */
active proctype judge() {
  timeout -> d_step {
    STEP("end %d %d\n", 0, 0);
    assert(commands == COMMANDS && delivered == written);
    at = 1;
    do
    :: at > written -> break
    :: else ->
       assert(entry[at].where >= ACKNOWLEDGED && entry[at].starts == 0 && entry[at].exceptions == 0);
       assert(entry[at].where != ACKNOWLEDGED || entry[at].command == 0 || number[entry[at].command] > 0);
       at++
    od
  }
}

init {
  byte me = 1;
  atomic { do :: me > PROCESSES -> break :: else -> run consumer(me); me++ od }
}

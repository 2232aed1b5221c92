/* lease.pml: how long an entry is a process's own, and who has it then.
 *
 * The lease is limits.leaseMs, and what runs is renewed every third of it (keepLeases in
 * streams/consume/consumer.ts). Here time goes by in those thirds: `tick`. A process that lives renews in every
 * third, unless it stands still; consume.pml shows that no effect comes twice even so.
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef STREAMS
#define STREAMS 2 /* with an entry each */
#endif
#ifndef CRASHES
#define CRASHES 1 /* processes that are killed */
#endif
#ifndef STALLS
#define STALLS 1 /* processes that are stopped, and go on later */
#endif
#ifndef DRAINS
#define DRAINS 1 /* processes that are told to end */
#endif
#ifndef LATE
#define LATE 1 /* handlers that do not come back in time */
#endif
#define LEASE 3       /* ticks */
#define DEADLINE 4    /* ticks that a handler may take: longer than a lease */
#define EXCEPTIONS_MAX 2

#define UNREAD 1
#define PENDING 2
#define ACKNOWLEDGED 3
#define LETTER 4
typedef Entry { byte where, owner, idle, exceptions }
Entry entry[STREAMS + 1];
byte delivered;

#define IDLE 0
#define RUNNING 1
#define DOWN 2
/* `behind`: it was stopped and has not renewed since. `hung`: its handler will not come back by itself. */
typedef Process { byte phase, hand, age; bool stopped, behind, renewed, hung }
Process process[PROCESSES + 1];

byte crashes, stalls, drains, late; /* so far */
hidden byte at, who;

#define MY process[me]
#define HAND entry[MY.hand]
#define MINE (HAND.where == PENDING && HAND.owner == me)
#define AWAKE (!MY.stopped && MY.phase != DOWN)
#define PENDING_AT(e, who) (e <= STREAMS && entry[e].where == PENDING && entry[e].owner == who)

#ifdef TRACE
inline tell() {
  at = 1;
  do
  :: at > STREAMS -> break
  :: else ->
     printf("entry %d %d %d %d %d\n", at, entry[at].where, entry[at].owner, entry[at].idle,
       entry[at].exceptions);
     at++
  od
}
#define STEP(what, who, which) tell(); printf(what, who, which)
#else
#define STEP(what, who, which) printf(what, who, which)
#endif

/* Each pending entry belongs to the one process that works on it and renews. */
inline check_leases() {
  who = 1;
  do
  :: who > PROCESSES -> break
  :: else ->
     at = process[who].hand;
     assert(at == 0 || process[who].behind || entry[at].where != PENDING || entry[at].owner == who);
     who++
  od;
  at = 0
}

inline take_up(e) {
  entry[e].where = PENDING; entry[e].owner = me; entry[e].idle = 0;
  MY.phase = RUNNING; MY.hand = e; MY.age = 0; MY.renewed = true; MY.behind = false
}

inline put_down(next) {
  MY.phase = next; MY.hand = 0; MY.age = 0; MY.behind = false; MY.renewed = false; MY.hung = false;
  MY.stopped = false
}

#define CLAIM(e) :: d_step { AWAKE && MY.phase == IDLE && e <= STREAMS && entry[e].where == PENDING \
       && entry[e].owner != me && entry[e].idle >= LEASE -> STEP("claim %d %d\n", me, e); \
       take_up(e); check_leases() }
/* Read again, its own are its own for another lease. */
#define RETAKE(e) :: d_step { AWAKE && MY.phase == IDLE && PENDING_AT(e, me) -> STEP("retake %d %d\n", me, e); \
       take_up(e) }

proctype consumer(byte me) {
  do
  :: d_step { AWAKE && MY.phase == IDLE && delivered < STREAMS -> STEP("take %d %d\n", me, delivered + 1);
       delivered++; take_up(delivered) }
  CLAIM(1) CLAIM(2)
  RETAKE(1) RETAKE(2)
  :: d_step { AWAKE && MY.phase == RUNNING && !MY.renewed -> STEP("renew %d %d\n", me, MY.hand);
       MY.renewed = true;
       MY.behind = false;
       if
       :: MINE -> HAND.idle = 0
       :: HAND.where == PENDING && !MINE -> put_down(IDLE) /* told that it is another's */
       :: else                                             /* acknowledged: it may come to its end */
       fi;
       check_leases() }
  :: d_step { AWAKE && MY.phase == RUNNING && !MY.hung -> STEP("commit %d %d\n", me, MY.hand);
       if :: HAND.where == PENDING -> HAND.where = ACKNOWLEDGED; HAND.owner = 0; HAND.idle = 0 :: else fi;
       HAND.exceptions = 0;
       put_down(IDLE) }
  :: d_step { AWAKE && MY.phase == RUNNING && !MY.hung && late < LATE -> STEP("hang %d %d\n", me, MY.hand);
       late++; MY.hung = true }
  /* A handler that does not come back counts as one that threw: it would be renewed for ever. */
  :: d_step { AWAKE && MY.phase == RUNNING && MY.hung && MY.age >= DEADLINE -> STEP("late %d %d\n", me, MY.hand);
       if
       :: MINE ->
          HAND.exceptions++;
          if
          :: HAND.exceptions >= EXCEPTIONS_MAX ->
             HAND.where = LETTER; HAND.owner = 0; HAND.idle = 0; HAND.exceptions = 0; put_down(IDLE)
          :: else -> MY.hung = false; MY.age = 0
          fi
       :: else -> put_down(IDLE)
       fi }
  /* Told to end, it gives up what it has: others may take it at once. */
  :: d_step { AWAKE && MY.phase == RUNNING && drains < DRAINS -> STEP("release %d %d\n", me, MY.hand);
       drains++;
       if :: MINE -> HAND.idle = LEASE :: else fi;
       put_down(DOWN) }
  :: d_step { AWAKE && MY.phase == RUNNING && stalls < STALLS -> STEP("stop %d %d\n", me, MY.hand);
       stalls++; MY.stopped = true; MY.behind = true }
  :: d_step { MY.stopped -> STEP("go_on %d %d\n", me, MY.hand); MY.stopped = false; MY.renewed = false }
  :: d_step { MY.phase != DOWN && crashes < CRASHES -> STEP("crash %d %d\n", me, MY.hand);
       crashes++; put_down(DOWN) }
  :: d_step { MY.phase == DOWN -> STEP("restart %d %d\n", me, 0); MY.phase = IDLE }
  od
}

/* Whose lease is not over yet, and who works. */
#define AGES(e) (e <= STREAMS && entry[e].where == PENDING && entry[e].idle < LEASE)
#define WORKS(who) (who <= PROCESSES && process[who].phase == RUNNING && !process[who].stopped)
#define IN_TIME(who) (!WORKS(who) || (process[who].renewed && process[who].age < DEADLINE))
#define RENEW_DUE(who) if :: WORKS(who) -> process[who].renewed = false; process[who].age++ :: else fi

active proctype time() {
  do
  :: d_step { (AGES(1) || AGES(2)) && IN_TIME(1) && IN_TIME(2) && (PROCESSES < 3 || IN_TIME(PROCESSES)) ->
       STEP("tick %d %d\n", 0, 0);
       at = 1;
       do
       :: at > STREAMS -> break
       :: else -> if :: AGES(at) -> entry[at].idle++ :: else fi; at++
       od;
       RENEW_DUE(1); RENEW_DUE(2);
#if PROCESSES > 2
       RENEW_DUE(3)
#endif
     }
  od
}

/* However many die, every entry is handled, or a dead letter of a handler that hung. */
active proctype judge() {
  timeout -> d_step {
    STEP("end %d %d\n", 0, 0);
    at = 1;
    do
    :: at > STREAMS -> break
    :: else -> assert(entry[at].where >= ACKNOWLEDGED && (entry[at].where != LETTER || late > 1)); at++
    od
  }
}

init {
  byte me = 1;
  atomic {
    do :: me > STREAMS -> break :: else -> entry[me].where = UNREAD; me++ od;
    me = 1;
    do :: me > PROCESSES -> break :: else -> run consumer(me); me++ od
  }
}

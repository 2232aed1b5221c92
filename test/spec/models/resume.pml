/* resume.pml: how a client that comes back, at whatever server, sees each frame once and in order.
 *
 * A server follows the log of a room (server/fan-out/follower.ts) and keeps its newest frames (history.ts). A
 * client that comes back names the life of the room, its epoch, and the last frame that it has seen; the server
 * reads to the head and goes on behind that frame, or gives the whole state (admit in server/live/join.ts).
 * Frames on their way are lost with their connection.
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef STREAMS
#define STREAMS 2 /* rooms, with a client each */
#endif
#ifndef EVENTS
#define EVENTS 2 /* of each life of a room, beside the one that begins it */
#endif
#ifndef CRASHES
#define CRASHES 1 /* servers that are killed */
#endif
#ifndef DROPS
#define DROPS 1 /* connections that are cut */
#endif
#ifndef LIVES
#define LIVES 1 /* rooms that are deleted, and made anew under the same code */
#endif
#define KEPT 2 /* frames: limits.framesKeptPerRoom */

/* The log of a room. */
typedef Room { byte rev, epoch }
Room room[STREAMS];

/* What a server has read of a room: frames after `oldest`, up to `head`. */
typedef Followed { byte head, oldest, epoch }
typedef Server { Followed view[STREAMS]; bool down }
Server server[PROCESSES + 1];

/* A client, what it has seen, and its connection: frames from `next` to `sent` are on their way. */
typedef Client { byte epoch, s, at, next, sent }
Client client[STREAMS];

byte crashes, drops, lives; /* so far */
hidden byte at;

#define HERE server[me].view[r]
#define CLIENT client[r]
#define CONNECTED (CLIENT.at == me)

#ifdef TRACE
inline tell() {
  at = 0;
  do
  :: at == STREAMS -> break
  :: else ->
     printf("room %d %d %d\n", at, room[at].rev, room[at].epoch);
     printf("client %d %d %d %d\n", at, client[at].epoch, client[at].s, client[at].at);
     at++
  od
}
#define STEP(what, who, which) tell(); printf(what, who, which)
#else
#define STEP(what, who, which) printf(what, who, which)
#endif

inline keep_newest() {
  HERE.oldest = (HERE.head > KEPT + HERE.oldest -> HERE.head - KEPT : HERE.oldest)
}

/* To the head of the log. Another life begins anew, and those who were told of the old one are sent away. */
inline pull() {
  if
  :: HERE.epoch != room[r].epoch -> HERE.oldest = 0; HERE.epoch = room[r].epoch
  :: else
  fi;
  HERE.head = room[r].rev;
  keep_newest()
}

inline cut() { CLIENT.at = 0; CLIENT.next = 0; CLIENT.sent = 0 }

#define REACHES (CLIENT.s >= HERE.oldest && CLIENT.s <= HERE.head)
#define RECOVERS (CLIENT.epoch == HERE.epoch && REACHES)

inline join() {
  CLIENT.at = me;
  if
  :: RECOVERS -> CLIENT.next = (CLIENT.s > HERE.oldest -> CLIENT.s : HERE.oldest) + 1
  :: else ->
     assert(CLIENT.epoch != HERE.epoch || HERE.head >= CLIENT.s); /* never back to what was */
     CLIENT.epoch = HERE.epoch;
     CLIENT.s = HERE.head;
     CLIENT.next = HERE.head + 1
  fi;
  CLIENT.sent = CLIENT.next - 1
}

/* All that the socket was not told yet. */
inline tell_all() { CLIENT.sent = HERE.head }

inline receive() {
  if
  :: CLIENT.next <= CLIENT.s                       /* seen before: not looked at */
  :: else ->
     assert(CLIENT.next == CLIENT.s + 1);          /* none twice, none left out */
     assert(CLIENT.epoch == HERE.epoch);           /* of the life that it knows */
     CLIENT.s = CLIENT.next
  fi;
  CLIENT.next++
}

#define ROOM_STEPS(number) \
  :: d_step { number < STREAMS && !server[me].down && client[number].at == me && server[me].view[number].epoch \
       == room[number].epoch && server[me].view[number].head < room[number].rev -> \
       STEP("pull %d %d\n", me, number); r = number; pull(); r = 0 } \
  :: d_step { number < STREAMS && !server[me].down && client[number].at == me \
       && server[me].view[number].epoch != room[number].epoch -> \
       STEP("gone %d %d\n", me, number); r = number; pull(); cut(); r = 0 } \
  :: d_step { number < STREAMS && !server[me].down && client[number].at == 0 -> \
       STEP("join %d %d\n", me, number); r = number; pull(); join(); r = 0 } \
  :: d_step { number < STREAMS && !server[me].down && client[number].at == me \
       && client[number].sent < server[me].view[number].head -> \
       STEP("tell %d %d\n", me, number); r = number; tell_all(); r = 0 } \
  :: d_step { number < STREAMS && !server[me].down && client[number].at == me \
       && client[number].next <= client[number].sent -> \
       STEP("receive %d %d\n", me, number); r = number; receive(); r = 0 }

inline die() {
  r = 0;
  do
  :: r == STREAMS -> break
  :: else -> if :: CONNECTED -> cut() :: else fi; HERE.head = 0; HERE.oldest = 0; HERE.epoch = 0; r++
  od;
  r = 0; server[me].down = true
}

proctype serve(byte me) {
  byte r;
  do
  ROOM_STEPS(0) ROOM_STEPS(1)
  :: d_step { !server[me].down && crashes < CRASHES -> STEP("crash %d %d\n", me, 0); crashes++; die() }
  :: d_step { server[me].down -> STEP("restart %d %d\n", me, 0); server[me].down = false }
  od
}

#define OUTSIDE(r) \
  :: d_step { r < STREAMS && room[r].rev > 0 && room[r].rev <= EVENTS -> STEP("append %d %d\n", 0, r); room[r].rev++ } \
  :: d_step { r < STREAMS && room[r].rev > 0 && lives < LIVES -> STEP("again %d %d\n", 0, r); \
       lives++; room[r].rev = 1; room[r].epoch++ } \
  :: d_step { r < STREAMS && client[r].at != 0 && drops < DROPS -> STEP("drop %d %d\n", 0, r); \
       drops++; client[r].at = 0; client[r].next = 0; client[r].sent = 0 }

active proctype outside() {
  do
  OUTSIDE(0) OUTSIDE(1)
  od
}

/* Every client has come to the head of its room. */
active proctype judge() {
  timeout -> d_step {
    STEP("end %d %d\n", 0, 0);
    at = 0;
    do
    :: at == STREAMS -> break
    :: else ->
       assert(client[at].at != 0 && client[at].s == room[at].rev && client[at].epoch == room[at].epoch);
       at++
    od
  }
}

init {
  byte me = 0;
  atomic {
    do :: me == STREAMS -> break :: else -> room[me].rev = 1; room[me].epoch = 1; me++ od;
    me = 1;
    do :: me > PROCESSES -> break :: else -> run serve(me); me++ od
  }
}

/* close.pml: how answers come to count, by the hundreds at once, and none after the close.
 *
 * An answer is one commit without a decision: its guards look at fields beside the log (answerGuards in
 * core/effects.ts), and as a quiet event it raises the revision and not the turn, so that answers do not
 * conflict with each other nor with what is decided meanwhile. The close is decided, and takes the field away.
 * The result is decided on the fold, which has every answer: none can come any more.
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef STREAMS
#define STREAMS 2 /* rooms */
#endif
#ifndef PLAYERS
#define PLAYERS 2 /* of each room */
#endif
#ifndef CRASHES
#define CRASHES 1 /* processes that are killed */
#endif
#ifndef LOSSES
#define LOSSES 1 /* commits whose reply is lost */
#endif
#define ANSWERS (STREAMS * PLAYERS) /* that of player p of room s is p * STREAMS + s + 1 */

/* The store: the log as far as it counts here, and the field that guards look at. */
#define OPEN 1
#define CLOSED 2
#define SCORED 3
typedef Room { byte turn, answers, phase, result; bool round, late }
Room room[STREAMS];
bool kept[ANSWERS + 1]; /* stands under its key */

/* What a client was told of its answer. */
#define NOTHING 0
#define COUNTS 1
#define REFUSED 2
byte told[ANSWERS + 1];

#define IDLE 0
#define LOADED 1 /* has seen the room, and will close or score it */
#define DOWN 2
typedef Process { byte phase, room, turn, answers, saw }
Process process[PROCESSES + 1];

byte crashes, losses; /* so far */
hidden byte at;

#define MY process[me]
#define ROOM room[MY.room]
#define OF(a) room[((a) - 1) % STREAMS]
#define CONFLICT (MY.turn != ROOM.turn)
#define GUARDS(a) (OF(a).round && !OF(a).late)

#ifdef TRACE
inline tell() {
  at = 0;
  do
  :: at == STREAMS -> break
  :: else ->
     printf("room %d %d %d %d %d\n", at, room[at].turn, room[at].answers, room[at].phase, room[at].result);
     at++
  od
}
#define STEP(what, who, which) tell(); printf(what, who, which)
#else
#define STEP(what, who, which) printf(what, who, which)
#endif

inline put_down(next) { MY.phase = next; MY.room = 0; MY.turn = 0; MY.answers = 0; MY.saw = 0 }

inline commit_answer(a) {
  if
  :: !kept[a] ->
     assert(!kept[a]);              /* none twice */
     assert(OF(a).phase == OPEN);   /* no answer after the close */
     OF(a).answers++; kept[a] = true
  :: else
  fi
}

/* One event is written by each: the close, and later the result. */
inline commit_decision() {
  assert(MY.saw == ROOM.phase);     /* decided on what it is written to: no close, no result twice */
  ROOM.turn++;
  if
  :: MY.saw == OPEN -> ROOM.phase = CLOSED; ROOM.round = false
  :: else -> ROOM.phase = SCORED; ROOM.result = MY.answers
  fi
}

/* A client sends its answer to some process, again and again until it is told something. */
#define ANSWER(a) \
  :: d_step { a <= ANSWERS && MY.phase == IDLE && told[a] == NOTHING && (kept[a] || GUARDS(a)) -> \
       STEP("answer %d %d\n", me, a); commit_answer(a); told[a] = COUNTS } \
  :: d_step { a <= ANSWERS && MY.phase == IDLE && told[a] == NOTHING && !kept[a] && !GUARDS(a) -> \
       STEP("refuse %d %d\n", me, a); told[a] = REFUSED } \
  :: d_step { a <= ANSWERS && MY.phase == IDLE && told[a] == NOTHING && !kept[a] && GUARDS(a) && losses < LOSSES -> \
       STEP("answer_lost %d %d\n", me, a); losses++; commit_answer(a) } \
  /* It dies between the commit and its reply. */ \
  :: d_step { a <= ANSWERS && MY.phase == IDLE && told[a] == NOTHING && !kept[a] && GUARDS(a) && crashes < CRASHES -> \
       STEP("answer_crash %d %d\n", me, a); crashes++; commit_answer(a); put_down(DOWN) }
#define LOAD(s) :: d_step { s < STREAMS && MY.phase == IDLE && room[s].phase != SCORED -> \
       STEP("load %d %d\n", me, s); \
       MY.phase = LOADED; MY.room = s; MY.turn = ROOM.turn; MY.answers = ROOM.answers; MY.saw = ROOM.phase }

proctype server(byte me) {
  do
  ANSWER(1) ANSWER(2) ANSWER(3) ANSWER(4)
  LOAD(0) LOAD(1)
  :: d_step { MY.phase == LOADED && !CONFLICT -> STEP("decide %d %d\n", me, MY.room);
       commit_decision(); put_down(IDLE) }
  :: d_step { MY.phase == LOADED && CONFLICT -> STEP("conflict %d %d\n", me, MY.room); put_down(IDLE) }
  :: d_step { MY.phase == LOADED && !CONFLICT && losses < LOSSES -> STEP("decide_lost %d %d\n", me, MY.room);
       losses++; commit_decision(); put_down(IDLE) }
  :: d_step { MY.phase != DOWN && crashes < CRASHES -> STEP("crash %d %d\n", me, 0);
       crashes++; put_down(DOWN) }
  :: d_step { MY.phase == DOWN -> STEP("restart %d %d\n", me, 0); MY.phase = IDLE }
  od
}

/* The last moment at which an answer counts goes by. */
#define PASS(s) :: d_step { s < STREAMS && !room[s].late -> STEP("late %d %d\n", 0, s); room[s].late = true }
active proctype time() {
  do
  PASS(0) PASS(1)
  od
}

/* Every room is scored, by exactly the answers whose clients were told that they count. */
active proctype judge() {
  byte count;
  timeout -> d_step {
    STEP("end %d %d\n", 0, 0);
    at = 1;
    do
    :: at > ANSWERS -> break
    :: else ->
       assert(told[at] != NOTHING && (told[at] == COUNTS) == kept[at]);
       if :: kept[at] -> OF(at).result-- :: else fi;
       at++
    od;
    at = 0;
    do
    :: at == STREAMS -> break
    :: else -> assert(room[at].phase == SCORED && room[at].result == 0); at++
    od
  }
}

init {
  byte me = 0;
  atomic {
    do :: me == STREAMS -> break :: else -> room[me].phase = OPEN; room[me].round = true; room[me].turn = 1; me++ od;
    me = 1;
    do :: me > PROCESSES -> break :: else -> run server(me); me++ od
  }
}

// What operators' programs are offered beside the engine itself: groups and their consumers, dead letters,
// what was done, entries as they are stored.

export type { Administered } from './admin/administered.ts';
export {
  type DeadLetter,
  deadLettersOf,
  dropDeadLetter,
  type RequeueOutcome,
  requeueDeadLetter,
} from './admin/dead-letters.ts';
export { consumerInfos, type GroupInfo, groupInfos } from './admin/group-infos.ts';
export {
  noteOf,
  noteOperation,
  type Operation,
  type RecordedOperation,
  readOperations,
} from './admin/operations.ts';
export { type PausedGroup, pausedGroups, pauseGroup, resumeGroup } from './admin/paused-groups.ts';
export { type PendingEntry, pendingOf } from './admin/pending-of.ts';
export { removeGroup } from './admin/remove-group.ts';
export { type OverdueTimer, overdueTimersOf, type SetTimer, timersOf } from './admin/timers-of.ts';
export { unattendedGroups } from './admin/unattended-groups.ts';
export { createCodec } from './contract/envelope.ts';
export { type Pointed, readPointed } from './log/feed-entry.ts';
export { hashOf, type RawEntry, rawEntries } from './log/hash-chain.ts';
export { createDeleteStream, type Deletion } from './valkey/delete-stream.ts';
export { callFunction, engineLibrary, librariesOf } from './valkey/functions.ts';
export {
  missingRights,
  type Refusal,
  type RefusalCode,
  refusalCodes,
  refusalIn,
  silence,
  unreplicated,
} from './valkey/refusals.ts';

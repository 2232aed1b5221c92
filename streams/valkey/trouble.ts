// What a store is found to do without while it lasts, for those who tell operators. Nothing is lost by it,
// so unsaid it would last unnoticed.

/** `wake_ups_refused`: what is new is found a sweep later. */
export type StoreTrouble = 'wake_ups_refused';

/** `why` null: it is well again. Told as often as it is found out. */
export type TellTrouble = (trouble: StoreTrouble, why: string | null) => void;

/** Listens for a store; told at once what lasts already. */
export function createTroubles(): { tell: TellTrouble; tellTo(listener: TellTrouble): void } {
  const lasting = new Map<StoreTrouble, string>();
  let listen: TellTrouble = () => undefined;
  return {
    tell(trouble, why) {
      if (why === null) lasting.delete(trouble);
      else lasting.set(trouble, why);
      listen(trouble, why);
    },
    tellTo(listener) {
      listen = listener;
      for (const [trouble, why] of lasting) listen(trouble, why);
    },
  };
}

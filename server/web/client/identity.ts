// Who a player is in a room, kept where it survives a reload: the nonce from before the join, the token after
// it. The storage is given: a browser's per tab or per device, a terminal's memory.

export interface Identity {
  /** Client-made secret: the same one is the same player, so a join may be repeated. */
  readonly nonce: string;
  readonly token: string | null;
  readonly name: string | null;
  /** The host's secret, where this client made the room or was given the host's link. */
  readonly hostToken: string | null;
  /** A room made for this player alone. */
  readonly solo: boolean;
  /** The host has removed this player for good. */
  readonly keptOut: boolean;
}

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Identities {
  of(room: string): Identity;
  change(room: string, change: Partial<Identity>): Identity;
  forget(room: string): void;
}

const keyOf = (room: string): string => `arena:${room.toUpperCase()}`;

export function createIdentities(store: Store, newNonce: () => string): Identities {
  const read = (room: string): Identity => {
    const fresh = {
      nonce: newNonce(),
      token: null,
      name: null,
      hostToken: null,
      solo: false,
      keptOut: false,
    };
    const text = store.getItem(keyOf(room));
    if (text === null) return fresh;
    try {
      return { ...fresh, ...(JSON.parse(text) as Partial<Identity>) };
    } catch {
      // Another program wrote under our key; a new identity is better than none.
      return fresh;
    }
  };
  const write = (room: string, identity: Identity): Identity => {
    store.setItem(keyOf(room), JSON.stringify(identity));
    return identity;
  };
  return {
    of: (room) => write(room, read(room)),
    change: (room, change) => write(room, { ...read(room), ...change }),
    forget: (room) => store.removeItem(keyOf(room)),
  };
}

/** For clients without a storage of their own. */
export function memoryStore(): Store {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** 256 bits in hex, from the platform's own source. */
export function randomNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

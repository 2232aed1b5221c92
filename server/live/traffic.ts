// What goes over the sockets of this process, counted for operators.

export interface Traffic {
  opened: number;
  /** Writes to sockets; one may hold several messages. */
  pushes: number;
  /** Closed sockets by close code. */
  readonly closes: Map<number, number>;
}

export const newTraffic = (): Traffic => ({ opened: 0, pushes: 0, closes: new Map() });

export function countClose({ closes }: Traffic, code: number): void {
  closes.set(code, (closes.get(code) ?? 0) + 1);
}

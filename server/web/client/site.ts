// Where others find this game. A host on the machine that serves it has `localhost` in the address
// bar, which on a phone is the phone.

const ownMachine = /^(localhost|127\.|\[::1\])/;

/** The origin to put into links: of the page, unless it leads nowhere from elsewhere and `named` does not. */
export function originForOthers(page: string, named: string | null): string {
  if (named === null || !URL.canParse(named) || !ownMachine.test(new URL(page).hostname)) return page;
  const other = new URL(named);
  return ownMachine.test(other.hostname) ? page : other.origin;
}

// A planted bug: a classic mistake as a patch of the source, laid over it while a test loads it. The source
// itself carries no switch.

export interface Patch {
  /** From the top of the project. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly put: string;
}

export interface Bug {
  readonly name: string;
  /** The mistake, in one sentence. */
  readonly does: string;
  readonly patches: readonly Patch[];
  /** The test that goes red: its file and its full name, parts joined by ` > `. */
  readonly caughtBy: { readonly file: string; readonly test: string };
}

/** The environment variable that names the bug of a process. */
export const bugVariable = 'ARENA_PLANTED_BUG';

/** @throws Error where the text of a patch is not found exactly once: the source has moved on. */
export function laidOver(
  { name, patches }: Pick<Bug, 'name' | 'patches'>,
  file: string,
  text: string,
): string {
  let patched = text;
  for (const { file: of, find, put } of patches) {
    if (of !== file) continue;
    const places = patched.split(find).length - 1;
    if (places !== 1) {
      throw new Error(`the planted bug ${name} finds its text ${places} times in ${file}:\n${find}`);
    }
    // Not as a pattern: `$` has a meaning in those.
    patched = patched.replace(find, () => put);
  }
  return patched;
}

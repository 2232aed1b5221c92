// Makes a finding small: leaves out episodes, then steps, then parts of what is sent, for as long as it is
// still a finding. Knows nothing of what is wrong with it: that is asked.

import type { Episode, Step } from './episode.ts';

/** True where these are still a finding. Each question may cost a new server. */
export type StillWrong = (episodes: readonly Episode[]) => Promise<boolean>;

export async function shrink(
  found: readonly Episode[],
  stillWrong: StillWrong,
  questionsMax = 200,
): Promise<readonly Episode[]> {
  let questions = 0;
  const ask: StillWrong = async (episodes) => {
    questions += 1;
    return questions <= questionsMax && stillWrong(episodes);
  };
  const few = await fewer(found, ask);
  const small: Episode[] = [...few];
  for (const [at, episode] of few.entries()) {
    const put = (steps: readonly Step[]) => small.with(at, { ...episode, steps });
    const steps = await fewer(episode.steps, (left) => ask(put(left)));
    small[at] = { ...episode, steps };
    for (const [n, step] of steps.entries()) {
      const now: readonly Step[] = small[at]?.steps ?? [];
      const data = await shorter(step.data, (left) => ask(put(now.with(n, { ...step, data: left }))));
      small[at] = { ...episode, steps: now.with(n, { ...step, data }) };
    }
  }
  return small;
}

/** Leaves out halves, quarters and so on, down to single ones (delta debugging). */
async function fewer<T>(
  list: readonly T[],
  still: (left: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = list;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const without = [...left.slice(0, at), ...left.slice(at + size)];
      if (without.length < left.length && (await still(without))) left = without;
      else at += size;
    }
  }
  return left;
}

/** The same for a text; members of JSON are left out whole, so that it stays JSON for as long as it was. */
async function shorter(text: string, still: (left: string) => Promise<boolean>): Promise<string> {
  const members = /,?"(?:[^"\\]|\\.)*":(?:"(?:[^"\\]|\\.)*"|[\w.+-]+|\[\]|\{\})/g;
  let left = text;
  for (const [member] of text.matchAll(members)) {
    const without = left.replace(member, () => '');
    if (without !== left && (await still(without))) left = without;
  }
  const parts = left.match(/.{1,400}/gsu) ?? [];
  return parts.length < 2 ? left : (await fewer(parts, (some) => still(some.join('')))).join('');
}

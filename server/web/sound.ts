// Sounds: silence until they are asked for, then short tones, made here, so that nothing is loaded.

import type { Cue } from './client/cue.ts';

interface Tone {
  readonly hz: number;
  /** Seconds after the cue, and for how long. */
  readonly at: number;
  readonly lasts: number;
}

const tone = (hz: number, at: number, lasts = 0.16): Tone => ({ hz, at, lasts });

// Notes of C major; only what is wrong leaves it, downwards.
const scores: Readonly<Record<Cue, readonly Tone[]>> = {
  ask: [tone(523, 0), tone(784, 0.12, 0.24)],
  lock: [tone(1_047, 0, 0.06)],
  right: [tone(659, 0), tone(784, 0.1), tone(1_047, 0.2, 0.3)],
  wrong: [tone(311, 0, 0.2), tone(233, 0.16, 0.34)],
  reveal: [tone(523, 0), tone(659, 0.08, 0.3)],
  over: [tone(523, 0), tone(659, 0.14), tone(784, 0.28), tone(1_047, 0.42, 0.6)],
  hurry: [tone(880, 0, 0.05)],
};

const loudness = 0.12;
const key = 'arena:sound';
let context: AudioContext | null = null;

export const soundIsOn = (): boolean => localStorage.getItem(key) === 'on';

/** Remembered in this browser. Called by a press, without which browsers stay silent. */
export function turnSound(on: boolean): void {
  localStorage.setItem(key, on ? 'on' : 'off');
  if (on) play('lock');
}

/** Does nothing unless sound was asked for. What cannot be heard now is not heard later. */
export function play(cue: Cue): void {
  // Until the first press on a page its sounds would wait, and then be heard all at once.
  if (!soundIsOn() || navigator.userActivation?.hasBeenActive === false) return;
  context ??= new AudioContext();
  // A phone that slept has silenced it.
  if (context.state !== 'running') void context.resume();
  for (const one of scores[cue]) ring(context, one);
}

function ring(on: AudioContext, { hz, at, lasts }: Tone): void {
  const [oscillator, gain] = [on.createOscillator(), on.createGain()];
  const from = on.currentTime + at;
  oscillator.type = 'triangle';
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(loudness, from + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.001, from + lasts);
  oscillator.connect(gain).connect(on.destination);
  oscillator.start(from);
  oscillator.stop(from + lasts);
}

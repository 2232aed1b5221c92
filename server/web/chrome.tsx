// What stands around every screen, always in the same place: language, colours and sound, and the line that
// says how the connection is.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { View } from './client/player.ts';
import { soundIsOn, turnSound } from './sound.ts';
import { applyTheme, currentTheme, type Theme, themes } from './theme.ts';
import { catalogues, chooseLanguage, language, words } from './words.ts';

export type Go = (path: string) => void;

/** A link inside the page. */
export function Link({
  to,
  go,
  class: name,
  children,
}: {
  to: string;
  go: Go;
  class?: string;
  children: ComponentChildren;
}) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} class={name} onClick={follow}>
      {children}
    </a>
  );
}

export function Footer() {
  const [theme, setTheme] = useState<Theme>(currentTheme());
  const choose = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <footer class="site">
      <label>
        {words.languageTitle}
        <select onChange={(event) => chooseLanguage(event.currentTarget.value)}>
          {Object.entries(catalogues).map(([tag, catalogue]) => (
            <option key={tag} value={tag} lang={tag} selected={tag === language}>
              {catalogue.language}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.theme}
        <select onChange={(event) => choose(event.currentTarget.value as Theme)}>
          {themes.map((one) => (
            <option key={one} value={one} selected={one === theme}>
              {words[one]}
            </option>
          ))}
        </select>
      </label>
    </footer>
  );
}

/** Off until it is pressed, in this browser. */
export function SoundButton() {
  const [on, setOn] = useState(soundIsOn());
  const turn = () => {
    turnSound(!on);
    setOn(!on);
  };
  return (
    <button type="button" class="sound" aria-pressed={on} onClick={turn}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path class="box" d="M3 9h4l5-5v16l-5-5H3z" />
        <path d={on ? 'M15 9q2 3 0 6M18 6q4 6 0 12' : 'M16 9l6 6M22 9l-6 6'} />
      </svg>
      {words.sound}
    </button>
  );
}

const sureMs = 4_000;

interface GraveButtonProps {
  readonly label: string;
  /** What it says when it was pressed once. */
  readonly sure: string;
  readonly onSure: () => void;
  readonly class: string;
  /** What is read out instead of the label alone. */
  readonly spoken?: string;
  /** The graver way of the same, offered beside it once it was pressed. */
  readonly also?: { readonly label: string; readonly onSure: () => void };
}

/** For what cannot be taken back: pressed twice, within a few seconds. */
export function GraveButton({ label, sure, onSure, class: name, spoken, also }: GraveButtonProps) {
  // How often it was asked; each time gives the whole time to be sure.
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked === 0) return;
    const timer = setTimeout(() => setAsked(0), sureMs);
    return () => clearTimeout(timer);
  }, [asked]);
  const press = (work: () => void) => () => {
    if (asked > 0) work();
    setAsked(asked > 0 ? 0 : 1);
  };
  return (
    <>
      <button type="button" class={name} onClick={press(onSure)} aria-label={asked > 0 ? undefined : spoken}>
        {asked > 0 ? sure : label}
      </button>
      {also !== undefined && asked > 0 && (
        <button type="button" class={name} onClick={press(also.onSure)} onFocus={() => setAsked(asked + 1)}>
          {also.label}
        </button>
      )}
    </>
  );
}

// A short loss of the connection is not shown.
const patienceMs = 1_500;
const backMs = 2_000;

/** Nothing while all is well; "reconnecting" when it lasts; "you are back" for a moment after that. */
export function ConnectionBar({ status, why }: Pick<View, 'status' | 'why'>) {
  const [said, setSaid] = useState<'nothing' | 'away' | 'back'>('nothing');
  const was = useRef(said);
  was.current = said;
  // Once it has said that it starts again, no more is said of it until it is back.
  const restarts = useRef(false);
  if (status === 'online' || why?.code === 'restarting') restarts.current = status !== 'online';
  useEffect(() => {
    if (status === 'online') {
      if (was.current !== 'away') return;
      setSaid('back');
      const timer = setTimeout(() => setSaid('nothing'), backMs);
      return () => clearTimeout(timer);
    }
    if (status === 'ended') return setSaid('nothing');
    const timer = setTimeout(() => setSaid('away'), patienceMs);
    return () => clearTimeout(timer);
  }, [status]);
  return (
    <output class={`connection ${said}`}>
      {said === 'away'
        ? restarts.current
          ? words.restarting
          : words.reconnecting
        : said === 'back'
          ? words.back
          : ''}
    </output>
  );
}

interface NoticeProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** A screen that says one thing; its heading takes the focus. */
export function Notice({ title, children }: NoticeProps) {
  const heading = useFocus<HTMLHeadingElement>(title);
  return (
    <section class="card narrow notice">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </section>
  );
}

/**
 * Moves the focus there whenever `what` changes, so that screen readers go along. In the same moment, not a
 * frame later: a key that is pressed until then would be lost. A new screen shows its top, however far down
 * the one before was read.
 */
export function useFocus<T extends HTMLElement>(what: unknown) {
  const element = useRef<T>(null);
  useLayoutEffect(() => {
    element.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [what]);
  return element;
}

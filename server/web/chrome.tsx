// What stands around every screen: the name of the house, language and colours, and the line that says how
// the connection is, always in the same place.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from './client/player.ts';
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

// A blink of the connection is nobody's business.
const patienceMs = 1_500;
const backMs = 2_000;

/** Nothing while all is well; "reconnecting" when it lasts; "you are back" for a moment after that. */
export function ConnectionBar({ status }: Pick<View, 'status'>) {
  const [said, setSaid] = useState<'nothing' | 'away' | 'back'>('nothing');
  const was = useRef(said);
  was.current = said;
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
      {said === 'away' ? words.reconnecting : said === 'back' ? words.back : ''}
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

/** Moves the focus there whenever `what` changes, so that screen readers go along. */
export function useFocus<T extends HTMLElement>(what: unknown) {
  const element = useRef<T>(null);
  useEffect(() => element.current?.focus({ preventScroll: true }), [what]);
  return element;
}

// The page. Every path shows the same document; what is on screen follows from the path. Pages that a player
// does not need are loaded when they are asked for.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Footer, type Go, Notice } from './chrome.tsx';
import { Home } from './home.tsx';
import { PlayerPage } from './player-page.tsx';
import { decoded } from './site.ts';
import { applyTheme, currentTheme } from './theme.ts';
import { language, words } from './words.ts';
import './style.css';
import './home.css';
import './room.css';
import './result.css';
import './host.css';
import './screen.css';
import './ops/ops.css';
import './ops/plots.css';

type Page = (props: { readonly of: string; readonly go: Go }) => preact.JSX.Element | null;

const later: Readonly<Record<string, () => Promise<{ Page: Page }>>> = {
  host: () => import('./host-page.tsx'),
  screen: () => import('./screen-page.tsx'),
  boards: () => import('./boards-page.tsx'),
  g: () => import('./game-page.tsx'),
  ops: () => import('./ops/page.tsx'),
};

/** `/j/ABCDEF` is `['j', 'ABCDEF']`. */
function pathNow(): readonly [string, string] {
  const [first = '', second = ''] = location.pathname.split('/').slice(1);
  return [first, decoded(second)];
}

function App() {
  const [[name, of], setPath] = useState(pathNow());
  useEffect(() => {
    const moved = () => setPath(pathNow());
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const go = (path: string) => {
    history.pushState(null, '', path);
    setPath(pathNow());
    scrollTo(0, 0);
  };
  if (name === 'j' && of !== '') return <PlayerPage key={of} of={of.toUpperCase()} go={go} />;
  if (name in later) return <LaterPage key={`${name}/${of}`} name={name} of={of} go={go} />;
  return (
    <>
      <Home go={go} />
      <Footer />
    </>
  );
}

function LaterPage({ name, of, go }: { readonly name: string; readonly of: string; readonly go: Go }) {
  const [loaded, setLoaded] = useState<{ Page: Page } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    later[name]?.().then(setLoaded, () => setFailed(true));
  }, [name]);
  if (failed) {
    return (
      <Notice title={words.errors.unavailable}>
        <button type="button" class="primary" onClick={() => location.reload()}>
          {words.tryAgain}
        </button>
      </Notice>
    );
  }
  return loaded === null ? <p class="loading">{words.loading}</p> : <loaded.Page of={of} go={go} />;
}

applyTheme(currentTheme());
document.documentElement.lang = language;
document.title = `Agent Arena: ${words.title}`;
const app = document.getElementById('app');
if (app !== null) render(<App />, app);

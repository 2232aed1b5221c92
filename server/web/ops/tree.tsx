// A value as a tree that folds open: what an event changed is open and marked.

import { useState } from 'preact/hooks';

interface TreeProps {
  readonly name: string;
  readonly value: unknown;
  /** Paths as `/players/01M8…/score`. */
  readonly changed: ReadonlySet<string>;
  readonly path?: string;
}

export function Tree({ name, value, changed, path = '' }: TreeProps) {
  if (value === null || typeof value !== 'object') {
    const text = JSON.stringify(value);
    return (
      <p class="leaf">
        <span class="hint">{name}</span> {changed.has(path) ? <mark>{text}</mark> : <code>{text}</code>}
      </p>
    );
  }
  const touched = path === '' || [...changed].some((one) => one === path || one.startsWith(`${path}/`));
  // Anew when it is touched or not any more, so that it opens and closes by itself once each.
  return <Branch key={`${path} ${touched}`} {...{ name, value, changed, path, touched }} />;
}

interface BranchProps extends Required<TreeProps> {
  readonly value: object;
  readonly touched: boolean;
}

/** What is folded is not drawn: a room of hundreds is large. */
function Branch({ name, value, changed, path, touched }: BranchProps) {
  const [open, setOpen] = useState(touched);
  const parts = Object.entries(value);
  return (
    <details class="tree" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {touched && path !== '' ? <mark>{name}</mark> : name} <span class="hint">{parts.length}</span>
      </summary>
      {open &&
        parts.map(([key, part]) => (
          <Tree key={key} name={key} value={part} changed={changed} path={`${path}/${key}`} />
        ))}
    </details>
  );
}

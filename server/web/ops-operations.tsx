// What operators have changed lately, here and in the terminal.

import type { OperationLine } from './ops-api.ts';

export function Operations({ operations }: { readonly operations: readonly OperationLine[] }) {
  return (
    <section class="card">
      <h2>What operators did</h2>
      {operations.length === 0 && <p class="hint">Nothing yet.</p>}
      {operations.length > 0 && (
        <table>
          <thead>
            <tr>
              {['when', 'who', 'did', 'room', 'what'].map((title) => (
                <th key={title}>{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {operations.map(({ id, at, by, verb, room, about }) => (
              <tr key={id}>
                <td>{new Date(at).toISOString().slice(0, 19).replace('T', ' ')}</td>
                <td>{by}</td>
                <td>{verb}</td>
                <td>{room}</td>
                <td>{about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

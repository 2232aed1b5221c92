// What operators have changed lately, here and in the terminal.

import type { RoomOperation } from './api.ts';

export function Operations({ operations }: { readonly operations: readonly RoomOperation[] }) {
  return (
    <section class="card">
      <h2>What operators did</h2>
      {operations.length === 0 && <p class="hint">Nothing yet.</p>}
      {operations.length > 0 && (
        <div class="wide-table">
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
                  <td class="when">{new Date(at).toISOString().slice(0, 19).replace('T', ' ')}</td>
                  <td>{by}</td>
                  <td>{verb}</td>
                  <td>{room}</td>
                  <td class="about">{about}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

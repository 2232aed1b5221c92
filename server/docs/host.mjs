// Starts a game: joins as the host of a room, with the token that came with it. Run it with:
// node host.mjs http://localhost:8000 XJKZNM <hostToken>
const [site, room, token] = process.argv.slice(2);
const socket = new WebSocket(`${site.replace('http', 'ws')}/ws`, ['arena.v1.json']);
const send = (id, t, d) => socket.send(JSON.stringify({ id, t, d }));
socket.onopen = () => send(1, 'join', { room, role: 'host', token });
socket.onmessage = ({ data }) => {
  const { id, ok, err } = JSON.parse(data);
  if (err) console.log(`refused: ${err.message}`);
  if (err) process.exit(1);
  // `after` is the game before this one. The room goes on without its host.
  if (id === 1) send(2, 'start', { after: ok.state.game });
  if (id === 2) process.exit();
};
socket.onerror = () => console.log(`no line to ${site}`);
socket.onclose = () => process.exit(1);

// A whole client: joins a room and answers by chance. Run it with: node client.mjs http://localhost:8000 XJKZNM
const [site, room, name = `Bot ${Math.floor(Math.random() * 1000)}`] = process.argv.slice(2);
let me = { room, name, nonce: crypto.randomUUID() };

function connect() {
  const socket = new WebSocket(`${site.replace('http', 'ws')}/ws`, ['arena.v1.json']);
  let asked = 0;
  const send = (t, d) => socket.send(JSON.stringify({ id: ++asked, t, d }));
  socket.onopen = () => send('join', me);
  socket.onmessage = ({ data }) => {
    const { id, ok, err, s, t, d } = JSON.parse(data);
    if (err) console.log(`refused: ${err.message}`);
    if (err && id === 1 && !err.retry) process.exit(1); // Request 1 is the join: there is no way in.
    if (ok?.token) me = { room, token: ok.token, epoch: ok.epoch, s: ok.s }; // To come back as the same player.
    if (s && me.token) me.s = s;
    if (t === 'NEW_QUESTION') {
      console.log(d.question);
      const answer = Math.random() < 0.5 ? 'FACT' : 'FAKE';
      setTimeout(() => send('answer', { roundId: d.roundId, answer }), 4000);
    }
    if (t === 'you') console.log(`${d.correct ? 'right' : 'wrong'}, ${d.score} points`);
    if (t === 'GAME_OVER') process.exit();
  };
  socket.onclose = ({ code, reason }) => {
    console.log(`the line is down: ${code} ${reason}`);
    if (code >= 4500) process.exit(1); // That means: stay away.
    setTimeout(connect, 500 + Math.random() * 2000);
  };
}
connect();

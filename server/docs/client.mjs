// A whole client: joins a room and answers by chance. Run it with: node client.mjs http://localhost:8000 ABCDEF
const [site, room, name = `Bot ${Math.floor(Math.random() * 1000)}`] = process.argv.slice(2);
const nonce = crypto.randomUUID();
let me = { room, name, nonce };
let asked = 0;

function connect() {
  const socket = new WebSocket(`${site.replace('http', 'ws')}/ws`, ['arena.v1.json']);
  const send = (t, d) => socket.send(JSON.stringify({ id: ++asked, t, d }));
  socket.onopen = () => send('join', me);
  socket.onmessage = ({ data }) => {
    const { ok, err, s, t, d } = JSON.parse(data);
    if (err) console.log(`refused: ${err.message}`);
    // Kept for coming back: the same player goes on where the line broke.
    if (ok?.token) me = { room, token: ok.token, epoch: ok.epoch, s: ok.s };
    if (s && me.token) me.s = s;
    if (t === 'NEW_QUESTION') {
      console.log(d.question);
      const answer = Math.random() < 0.5 ? 'FACT' : 'FAKE';
      setTimeout(() => send('answer', { roundId: d.roundId, answer }), 4000);
    }
    if (t === 'you') console.log(`${d.correct ? 'right' : 'wrong'}, ${d.score} points`);
    if (t === 'GAME_OVER') process.exit();
  };
  // 4500 and more means: stay away.
  socket.onclose = ({ code }) => code < 4500 && setTimeout(connect, 500 + Math.random() * 2000);
}
connect();

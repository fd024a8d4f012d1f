#!/usr/bin/env node
// One client stops reading while many messages go to its group. What does the server's memory do, and does the client
// end complete?
//
// usage: tools/bench/slow_reader.mjs --pid PID --secret-file data/jwt.secret [--url URL] [--messages 200000]
//
// The server needs limits.send_rate=0, limits.frame_rate=0 and limits.history_rate=0, and limits.lag_timeout_ms and session.heartbeat_ms that
// last as long as the run: it closes a client that neither speaks nor reads.

import { readFileSync } from "node:fs";

import { Client, options, usage } from "./client.mjs";

const given = options({ url: "http://127.0.0.1:8080", "secret-file": "data/jwt.secret", pid: 0, messages: 200_000 });
const secret = readFileSync(given["secret-file"], "utf8").trim();
const text = "x".repeat(100);

const seen = [];
let lag = null;
const author = await Client.connect(given.url, secret, "author");
const reader = await Client.connect(given.url, secret, "reader", (frame) => {
  if (frame.type === "message") seen.push(frame.seq);
  if (frame.type === "lag") lag = frame;
});
const { conversation } = await author.ask({ type: "create", title: "flood", members: ["reader"] });

reader.stopReading();
const started = performance.now();
const memory = [usage(given.pid).mib];
let sent = 0;
let acked = 0;
const pump = async () => {
  while (sent < given.messages) {
    sent += 1;
    const reply = await author.ask({ type: "send", conversation, text, echo: false });
    if (reply.type !== "ack") throw new Error(JSON.stringify(reply));
    acked += 1;
    if (acked % Math.ceil(given.messages / 10) === 0) memory.push(usage(given.pid).mib);
  }
};
await Promise.all(Array.from({ length: 30 }, pump));
const seconds = (performance.now() - started) / 1000;
console.error(`sent; ${seconds.toFixed(1)} s`);

reader.readAgain();
while (!lag) await new Promise((resolve) => setTimeout(resolve, 10));
const pushed = seen.length;
console.error(`lag after ${pushed} pushes`);
for (let after = seen.at(-1) ?? 1; ; ) {
  const page = await reader.ask({ type: "history", conversation, after, limit: 200 });
  for (const item of page.items) seen.push(item.seq);
  after = page.items.at(-1)?.seq ?? after;
  if (!page.more) break;
}
await author.ask({ type: "send", conversation, text: "live again", echo: false });
while (seen.at(-1) !== given.messages + 2) await new Promise((resolve) => setTimeout(resolve, 10));
const holes = seen.filter((seq, i) => seq !== i + 2).length;

console.log(`${given.messages} messages in ${seconds.toFixed(1)} s, ${acked} acknowledged`);
console.log(`pushed before lag ${pushed}, read from history ${seen.length - pushed - 1}, holes or repetitions ${holes}`);
console.log(`server MiB at every tenth: ${memory.map((mib) => mib.toFixed(1)).join(" ")}`);
process.exit(holes === 0 ? 0 : 2);

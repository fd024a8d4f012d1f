#!/usr/bin/env node
// A large group in pull mode: what do its members hear, and what does that cost the server?
//
// usage: tools/bench/pull_group.mjs --pid PID --secret-file data/jwt.secret [--members 2000] [--focused 50]
//                                   [--rate 50] [--seconds 20]
//
// The server needs groups.push_limit below the members, limits.send_rate=0 and limits.frame_rate=0.

import { readFileSync } from "node:fs";

import { Client, options, usage } from "./client.mjs";

const given = options({
  url: "http://127.0.0.1:8080", "secret-file": "data/jwt.secret", pid: 0, members: 2_000, focused: 50, rate: 50, seconds: 20,
});
const secret = readFileSync(given["secret-file"], "utf8").trim();
const names = Array.from({ length: given.members - 1 }, (_, i) => `member${i}`);

const heard = names.map(() => ({ hints: [], messages: [], head: 0 }));
const clients = [];
for (let i = 0; i < names.length; i += 50) {
  const some = names.slice(i, i + 50).map((name, k) => {
    const line = heard[i + k];
    return Client.connect(given.url, secret, name, (frame) => {
      if (frame.type === "hint") line.hints.push(performance.now()), (line.head = frame.head);
      if (frame.type === "message") line.messages.push(frame.seq);
    });
  });
  clients.push(...(await Promise.all(some)));
}
const owner = await Client.connect(given.url, secret, "owner");
const created = await owner.ask({ type: "create", title: "all", members: names });
const { conversation } = created;
await new Promise((resolve) => setTimeout(resolve, 3_000));
await Promise.all(clients.slice(0, given.focused).map((one) => one.ask({ type: "focus", conversations: [conversation] })));
for (const line of heard) line.hints = [];

const before = usage(given.pid);
const started = performance.now();
let head = 0;
const total = given.rate * given.seconds;
for (let i = 0; i < total; i += 1) {
  const due = started + (i * 1_000) / given.rate;
  if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
  head = (await owner.ask({ type: "send", conversation, text: `message ${i}`, echo: false })).seq;
}
const seconds = (performance.now() - started) / 1000;
const after = usage(given.pid);
await new Promise((resolve) => setTimeout(resolve, 2_500));

const focused = heard.slice(0, given.focused);
const others = heard.slice(given.focused);
const dense = focused.filter((line) => line.messages.length === total && line.messages.every((seq, i) => i === 0 || seq === line.messages[i - 1] + 1));
const gaps = others.flatMap((line) => line.hints.map((at, i) => (i === 0 ? Infinity : at - line.hints[i - 1])));
const last = others.filter((line) => line.head === head);
console.log(`${given.members} members, ${given.focused} focused, ${total} messages in ${seconds.toFixed(1)} s`);
console.log(`focused: ${dense.length} of ${focused.length} have every message in order`);
console.log(`others: ${others.filter((line) => line.messages.length > 0).length} were pushed a message, ${last.length} of ${others.length} know the newest head`);
console.log(`hints: ${(others.reduce((sum, line) => sum + line.hints.length, 0) / others.length / seconds).toFixed(2)} a second each, at least ${Math.min(...gaps).toFixed(0)} ms apart`);
console.log(`server: ${((after.seconds - before.seconds) / seconds).toFixed(3)} cores, ${after.mib.toFixed(1)} MiB`);
process.exit(dense.length === focused.length && last.length === others.length ? 0 : 2);

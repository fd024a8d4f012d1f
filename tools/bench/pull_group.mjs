#!/usr/bin/env node
// A large group in pull mode: what do its members hear, and what does that cost the server?
//
// usage: tools/bench/pull_group.mjs --pid PID --data data [--members 2000] [--focused 0,50,500] [--rate 50] [--seconds 20]
//
// `--data` is the server's data directory, for its jwt.secret and admin.token. Every number of focused sessions is
// measured for so many seconds, with the same group.
//
// The server needs groups.push_limit below the members, limits.send_rate=0 and limits.frame_rate=0.

import { readFileSync } from "node:fs";

import { Client, metrics, options, usage } from "./client.mjs";

const given = options({
  url: "http://127.0.0.1:8080", data: "data", pid: 0, members: 2_000, focused: "0,50,500", rate: 50, seconds: 20,
});
const secret = readFileSync(`${given.data}/jwt.secret`, "utf8").trim();
const adminToken = readFileSync(`${given.data}/admin.token`, "utf8").trim();
const names = Array.from({ length: given.members - 1 }, (_, i) => `member${i}`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What each member has heard. */
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
const { conversation } = await owner.ask({ type: "create", title: "all", members: names });
await pause(3_000);

/** Sends by schedule; what the server did meanwhile. */
async function sendAll(total) {
  const before = { ...usage(given.pid), figures: await metrics(given.url, adminToken) };
  const started = performance.now();
  let head = 0;
  for (let i = 0; i < total; i += 1) {
    const due = started + (i * 1_000) / given.rate;
    if (due > performance.now()) await pause(due - performance.now());
    head = (await owner.ask({ type: "send", conversation, text: `message ${i}`, echo: false })).seq;
  }
  // The last hint is due.
  await pause(2_500);
  const after = { ...usage(given.pid), figures: await metrics(given.url, adminToken) };
  const seconds = (performance.now() - started) / 1000;
  const reads = new Map();
  for (const [name, count] of after.figures) {
    const kind = /^parley_log_reads_total\{kind="(.*)"\}$/.exec(name)?.[1];
    const more = kind && count - before.figures.get(name);
    if (more) reads.set(kind, more / seconds);
  }
  return { head, seconds, reads, cores: (after.seconds - before.seconds) / seconds, mib: after.mib };
}

/** One line of the table; says whether everybody heard what it should. */
async function measure(focusing) {
  const ask = (conversations) => (one) => one.ask({ type: "focus", conversations });
  await Promise.all(clients.slice(0, focusing).map(ask([conversation])));
  await Promise.all(clients.slice(focusing).map(ask([])));
  await pause(2_500);
  for (const line of heard) (line.hints = []), (line.messages = []);

  const total = given.rate * given.seconds;
  const { head, seconds, reads, cores, mib } = await sendAll(total);
  const focused = heard.slice(0, focusing);
  const others = heard.slice(focusing);
  const isDense = (seqs) => seqs.length === total && seqs.every((seq, i) => i === 0 || seq === seqs[i - 1] + 1);
  const dense = focused.filter((line) => isDense(line.messages)).length;
  const know = others.filter((line) => line.head === head).length;
  const pushed = others.filter((line) => line.messages.length > 0).length;
  const gaps = others.flatMap((line) => line.hints.slice(1).map((at, i) => at - line.hints[i]));
  const hints = others.reduce((sum, line) => sum + line.hints.length, 0) / Math.max(1, others.length) / seconds;
  const shortest = gaps.reduce((least, gap) => Math.min(least, gap), Infinity);
  const all = [...reads.values()].reduce((sum, rate) => sum + rate, 0);
  const kinds = [...reads].map(([kind, rate]) => `${kind} ${rate.toFixed(2)}`).join(", ");
  console.log(`${focusing} focused: ${all.toFixed(2)} reads of the log a second${kinds && ` (${kinds})`}`);
  console.log(`  ${dense} of ${focused.length} focused have every message in order`);
  console.log(`  of ${others.length} others ${pushed} were pushed a message and ${know} know the newest head`);
  console.log(`  hints: ${hints.toFixed(2)} a second each, at least ${shortest.toFixed(0)} ms apart`);
  console.log(`  server: ${cores.toFixed(3)} cores, ${mib.toFixed(1)} MiB`);
  return dense === focused.length && know === others.length && pushed === 0;
}

console.log(`${given.members} members, ${given.rate} messages a second for ${given.seconds} s`);
let isRight = true;
for (const focusing of String(given.focused).split(",").map(Number)) isRight = (await measure(focusing)) && isRight;
process.exit(isRight ? 0 : 2);

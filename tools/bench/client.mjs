// A bare client for measurements: mints its own token, and hands every frame to whoever measures.

import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const WebSocket = createRequire(new URL("../../sdk/js/package.json", import.meta.url))("ws");

const base64url = (text) => Buffer.from(text).toString("base64url");

/** A token for `user`, signed with the server's HS256 key. */
export function token(secret, user) {
  const head = base64url(JSON.stringify({ alg: "HS256", typ: "JWT" }));
  const body = base64url(JSON.stringify({ sub: user, exp: Math.floor(Date.now() / 1000) + 3600 }));
  return `${head}.${body}.${createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url")}`;
}

export class Client {
  #socket;
  #replies = new Map();
  #refs = 0;
  #isClosing = false;

  /** Connects and waits for `synced`. `onFrame` hears everything that is no reply. */
  static async connect(url, secret, user, onFrame = () => {}) {
    const client = new Client();
    await new Promise((resolve, reject) => {
      client.#socket = new WebSocket(`${url.replace("http", "ws")}/connect?replay=none`, {
        headers: { authorization: `Bearer ${token(secret, user)}` },
        perMessageDeflate: false,
      });
      client.#socket.on("error", reject);
      client.#socket.on("close", (code) => {
        if (!client.#isClosing) throw new Error(`the server closed ${user} with ${code}`);
      });
      client.#socket.on("message", (text) => {
        const frame = JSON.parse(text);
        if (frame.type === "synced") resolve();
        const waiting = frame.ref && client.#replies.get(frame.ref);
        if (!waiting) return onFrame(frame);
        client.#replies.delete(frame.ref);
        waiting(frame);
      });
    });
    return client;
  }

  send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  /** The reply to `frame`. */
  ask(frame) {
    const ref = String(++this.#refs);
    return new Promise((resolve) => {
      this.#replies.set(ref, resolve);
      this.send({ ...frame, ref });
    });
  }

  stopReading() {
    this.#socket._socket.pause();
  }
  readAgain() {
    this.#socket._socket.resume();
  }
  close() {
    this.#isClosing = true;
    this.#socket.terminate();
  }
}

/** Resident memory of a process in MiB, and the seconds of processor time that it has used. */
export function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return { mib: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024, seconds: (Number(stat[11]) + Number(stat[12])) / 100 };
}

/** The node's figures by name and labels; `token` is the operators'. */
export async function metrics(url, token) {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`/metrics answers ${answer.status}`);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

/** Command line: `--name value` pairs over these defaults. */
export function options(defaults) {
  const given = { ...defaults };
  for (let i = 2; i + 1 < process.argv.length; i += 2) {
    const name = process.argv[i].slice(2);
    if (!(name in given)) throw new Error(`there is no option ${process.argv[i]}`);
    given[name] = typeof given[name] === "number" ? Number(process.argv[i + 1]) : process.argv[i + 1];
  }
  return given;
}

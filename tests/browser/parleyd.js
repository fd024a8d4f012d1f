import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.PARLEYD ?? join(repository, 'build/dev/tools/parleyd');
const webRoot = join(repository, 'web/dist');
const startMs = 20_000;
const stopMs = 20_000;

/** A real server in a data directory of its own, with the web client. */
export class Parleyd {
  url;
  #settings;
  #data;
  #process;
  #exited;
  #log = '';

  constructor(settings) {
    this.#settings = settings;
  }

  static async start({ settings = [] } = {}) {
    assert.ok(existsSync(program), `there is no ${program}: build it, or name one in the environment variable PARLEYD`);
    const server = new Parleyd(settings);
    server.#data = await mkdtemp(join(tmpdir(), 'parley-test-'));
    await server.#run('127.0.0.1:0');
    return server;
  }

  /** Ends the process without warning, as a power failure would. */
  async kill() {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** Starts it again at the same address, with the data it left. */
  async startAgain() {
    await this.#run(new URL(this.url).host);
  }

  /** Asks it to end, and starts it again at the same address with the same data. */
  async restart() {
    await this.#end();
    await this.startAgain();
  }

  /** Asks it to end, and removes its data. */
  async stop() {
    await this.#end();
    await rm(this.#data, { recursive: true, force: true });
  }

  async #end() {
    const giveUp = setTimeout(() => this.#process.kill('SIGKILL'), stopMs);
    this.#process.kill('SIGTERM');
    const { code, signal } = await this.#exited;
    clearTimeout(giveUp);
    assert.equal(signal ?? code, 0, `parleyd did not end as asked\n${this.#log}`);
  }

  async #run(listen) {
    const settings = [...this.#settings, ...(existsSync(webRoot) ? [`http.web_root=${webRoot}`] : [])];
    const options = ['--listen', listen, '--data', this.#data, ...settings.flatMap((setting) => ['--set', setting])];
    const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    this.#exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
    // A test that fails halfway must not leave a server behind.
    process.once('exit', () => child.kill('SIGKILL'));
    child.stderr.on('data', (text) => (this.#log = (this.#log + text).slice(-20_000)));

    this.url = await new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`parleyd ${why}\n${this.#log}`));
      const timer = setTimeout(() => fail('was not ready in time'), startMs);
      child.on('exit', () => fail('ended before it was ready'));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const ready = /^ready http=(\S+) node=\S+/.exec(line);
        if (!ready) return;
        clearTimeout(timer);
        resolve(ready[1]);
      });
    });
  }
}

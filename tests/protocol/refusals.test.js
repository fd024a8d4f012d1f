import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Parleyd } from '../browser/parleyd.js';
import { rowsOf } from './rows.js';
import { Scene } from './scene.js';
import { requestProblems, requests } from './schemas.js';
import { Sightings } from './sightings.js';
import { secret } from './token.js';
import { typesOfTheServer } from './types.js';

const settings = { 'limits.members': 8, 'auth.jwt.hs256_secret': secret };
const unlimited = { 'limits.send_rate': 0, 'limits.create_rate': 0, 'limits.history_rate': 0 };
const slow = Object.fromEntries(
  ['send', 'create', 'history'].flatMap((name) => [[`limits.${name}_rate`, 0.01], [`limits.${name}_burst`, 5]])
);
/** What empties each bucket. */
const spending = {
  send: { type: 'send', conversation: '$conversation', text: 'again' },
  create: { type: 'create', members: [] },
  history: { type: 'history', conversation: '$conversation' },
};

const asOptions = (values) => ({ settings: Object.entries(values).map(([name, value]) => `${name}=${value}`) });
const sightings = new Sightings();
const known = new Set(typesOfTheServer());
let server;
let slowServer;
before(async () => {
  server = await Parleyd.start(asOptions({ ...settings, ...unlimited }));
  slowServer = await Parleyd.start(asOptions({ ...settings, ...slow }));
});
after(() => Promise.all([server?.stop(), slowServer?.stop()]));

/** What `work` answers for a scene of its own. */
async function inScene(on, work) {
  const scene = await Scene.on(on, sightings);
  try {
    return await work(scene);
  } finally {
    await scene.close();
  }
}

for (const [type, schema] of Object.entries(requests)) describe(type, () => checkType(type, schema));

function checkType(type, schema) {
  const { answer, pushed, withoutRef, examples, refusals, as = 'owner' } = schema['x-parley'];

  if (!known.has(type)) {
    test(`${type}: is not read by the server yet, so it is unknown_type`, () =>
      inScene(server, async (scene) => {
        const client = await scene.client(as);
        assert.equal((await client.ask(await scene.fill(examples[0], as))).code, 'unknown_type');
      }));
    return;
  }

  for (const [index, example] of examples.entries())
    test(`${type}: example ${index + 1} is answered by ${answer}, and unknown fields are ignored`, () =>
      inScene(server, async (scene) => {
        const frame = await scene.fill(example, as);
        assert.deepEqual(requestProblems(frame), []);
        const client = await scene.client(as);
        const reply = await client.ask({ ...frame, colour: 'blue', size: { width: [1, 2] } });
        assert.equal(reply.type, answer, JSON.stringify(reply));
        if (frame.clientId && answer === 'ack') assert.equal(reply.clientId, frame.clientId);
        if (!pushed) return;
        assert.equal(reply.duplicate, false);
        assert.equal((await client.takeType(pushed, ({ seq }) => seq === reply.seq)).conversation, reply.conversation);
      }));

  // What changes nothing can share a scene.
  let scene;
  before(async () => (scene = await Scene.on(server, sightings)));
  after(() => scene?.close());

  test(`${type}: a ref that is none is invalid_argument`, async () => {
    const client = await scene.client(as);
    for (const ref of [7, true, null, {}, [], 'r'.repeat(65), 'a\u0000b']) {
      client.say({ ...(await scene.fill(examples[0], as)), ref });
      const reply = await client.takeType('error');
      assert.deepEqual([reply.code, reply.field], ['invalid_argument', 'ref'], JSON.stringify(ref));
    }
  });

  test(`${type}: is unauthenticated as the first frame of a connection without a token`, async () => {
    const client = await scene.connection();
    const frame = type === 'auth' ? { type, token: 'nonsense' } : await scene.fill(examples[0], as);
    const { code, retry } = await client.ask(frame);
    assert.deepEqual([code, retry], ['unauthenticated', 'reauth']);
    assert.equal((await client.closed).code, 4501);
  });

  for (const { name, as: who, frames, code, fields, bySchema } of rowsOf(schema, settings))
    test(`${type}: ${name}`, async () => {
      const client = await scene.client(who);
      for (const frame of frames) {
        const asked = await scene.fill(frame, who);
        const reply = await client.ask(asked);
        const said = JSON.stringify({ asked, reply }).slice(0, 1000);
        assert.equal(reply.code, code, said);
        if (code === undefined) assert.equal(reply.type, answer, said);
        if (fields && code) assert.ok(fields.includes(reply.field), said);
        if (bySchema) assert.notDeepEqual(requestProblems(asked), [], `${said}: the schema allows it`);
      }
    });

  if (withoutRef === 'silence')
    test(`${type}: is not answered without a ref`, async () => {
      const frame = await scene.fill(examples[0], as);
      const client = await scene.client(as);
      client.say(frame);
      await client.must(frame);
      await client.must({ type: 'ping' });
      assert.equal(client.has((other) => other.type === 'ack'), false);
    });

  const { rate } = refusals;
  test(`${type}: ${rate ? `too fast is rate_limited by the ${rate} rate` : 'is not charged'}`, () =>
    inScene(slowServer, async (hurried) => {
      const client = await hurried.client(as);
      for (const frame of rate ? [spending[rate]] : Object.values(spending)) await spend(client, await hurried.fill(frame, as));
      const reply = await client.ask(await hurried.fill(examples[0], as));
      if (!rate) return assert.notEqual(reply.code, 'rate_limited', JSON.stringify(reply));
      assert.deepEqual([reply.code, reply.retry], ['rate_limited', 'later'], JSON.stringify(reply));
      assert.ok(reply.retryAfterMs > 0, `retryAfterMs is ${reply.retryAfterMs}`);
    }));
}

/** Asks until the bucket is empty. */
async function spend(client, frame) {
  for (let left = 20; left > 0; --left) if ((await client.ask(frame)).code === 'rate_limited') return;
  assert.fail(`20 times ${JSON.stringify(frame)} were granted`);
}

test('refusals: a frame without a type, with a wrong or an unknown one is refused', () =>
  inScene(server, async (scene) => {
    const client = await scene.client('owner');
    for (const type of [undefined, ...Object.values({ number: 7, boolean: true, null: null, object: {}, array: [] })]) {
      const { code, field } = await client.ask({ type });
      assert.deepEqual([code, field], ['invalid_argument', 'type']);
    }
    for (const type of ['', 'fly', 'SEND']) assert.equal((await client.ask({ type })).code, 'unknown_type');
  }));

test('refusals: every frame that the server sent fits its schema', () => assert.deepEqual(sightings.problems(), []));

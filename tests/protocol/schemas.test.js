import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fieldsOf } from './patterns.js';
import { filledSample } from './samples.js';
import { frameProblems, frames, requestProblems, requests } from './schemas.js';
import { isOnThePage, sectionsOfThePage, typesOfTheEncoder, typesOfThePage, typesOfTheServer } from './types.js';

const kindsOfRefusals = ['notMember', 'unknownId', 'wrongRole', 'groupOnly', 'tooLarge', 'tooMany', 'rate', 'more'];

test('schemas: every file is one, about the type that is its name, with its references in place', () => {
  for (const [kind, schemas] of Object.entries({ requests, frames }))
    for (const [type, schema] of Object.entries(schemas)) {
      assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema', type);
      assert.deepEqual([schema.title, schema.properties.type], [type, { const: type }], `${kind}/${type}.json`);
      assert.ok(schema.description, `${kind}/${type}.json says nothing about itself`);
      // Compiles it, and walks to everything that it refers to.
      (kind === 'requests' ? requestProblems : frameProblems)({ type });
      fieldsOf(schema, `${kind}/${type}.json`);
    }
});

test('schemas: the list of them names every one', () => {
  const list = readFileSync(new URL('../../docs/protocol/schema/README.md', import.meta.url), 'utf8');
  const files = ['requests', 'frames'].flatMap((kind) => Object.keys({ requests, frames }[kind]).map((type) => `${kind}/${type}.json`));
  assert.deepEqual(files.filter((file) => !list.includes(`(${file})`)), []);
  const named = [...list.matchAll(/\((\w+\/\w+\.json)\)/g)].map(([, file]) => file);
  assert.deepEqual(named.filter((file) => !files.includes(file)), []);
});

test('schemas: every type that the server reads has one', () => {
  const types = typesOfTheServer();
  assert.ok(types.length > 20, 'the types of the server are not where they were');
  assert.deepEqual(types.filter((type) => !requests[type]), []);
});

test('schemas: every type that the server writes has one', () => {
  const types = typesOfTheEncoder();
  assert.ok(types.length > 20, 'the types of the encoder are not where they were');
  assert.deepEqual(types.filter((type) => !frames[type]), []);
});

test('schemas: every type on the page has one, and each of them is on the page', () => {
  const page = typesOfThePage();
  assert.ok(page.requests.size > 10 && page.examples.size > 20, 'the types of the page are not where they were');
  assert.deepEqual([...page.requests].filter((type) => !requests[type]), []);
  assert.deepEqual([...page.examples].filter((type) => !requests[type] && !frames[type]), []);
  assert.deepEqual([...Object.keys(requests), ...Object.keys(frames)].filter((type) => !isOnThePage(type)), []);
});

for (const [type, schema] of Object.entries(requests))
  test(`schemas: ${type} says how it is answered and refused, and its examples show every field`, () => {
    const { section, answer, pushed, examples, refusals } = schema['x-parley'] ?? {};
    assert.ok(sectionsOfThePage().includes(section), `the page has no section ${section}`);
    assert.ok(frames[answer], `no frame ${answer}`);
    assert.ok(pushed === undefined || frames[pushed], `no frame ${pushed}`);
    assert.ok(examples?.length > 0, 'there is no example');
    for (const example of examples) assert.deepEqual(requestProblems(filledSample(example)), [], JSON.stringify(example));
    const shown = new Set(examples.flatMap((example) => Object.keys(example)));
    assert.deepEqual(Object.keys(schema.properties).filter((field) => field !== 'ref' && !shown.has(field)), []);
    assert.ok(refusals, 'nothing is said of refusals');
    assert.deepEqual(Object.keys(refusals).filter((kind) => !kindsOfRefusals.includes(kind)), []);
    // Who is outside must not learn that a conversation exists.
    assert.ok(!('conversation' in schema.properties) || refusals.notMember, 'notMember is missing');
  });

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unknownFields } from './patterns.js';
import { filledSample } from './samples.js';
import { frames, requestProblems } from './schemas.js';
import { linesOf, replyTo } from './transcript.js';

const folder = fileURLToPath(new URL('../system/transcripts/', import.meta.url));
const transcripts = readdirSync(folder).filter((name) => name.endsWith('.transcript')).sort();

test('transcripts: there are some, and they say and hear something', () => {
  const lines = transcripts.flatMap((name) => linesOf(folder + name));
  for (const kind of ['->', '<-', '<~']) assert.ok(lines.some((line) => line.kind === kind && line.json), `no ${kind}`);
});

for (const name of transcripts)
  test(`transcripts: ${name} says and hears only what the schemas know`, () => {
    const lines = linesOf(folder + name);
    const problems = lines.flatMap((line, index) => {
      if (!line.json) return [];
      const found = line.kind === '->' ? problemsOfRequest(lines, index) : problemsOfPattern(line.json);
      return found.map((problem) => `line ${line.number}: ${problem}: ${line.text.slice(0, 300)}`);
    });
    assert.deepEqual(problems, []);
  });

/** What is wrong with a request that the transcript expects to be granted. */
function problemsOfRequest(lines, index) {
  if (replyTo(lines, index)?.json.type === 'error') return [];
  return requestProblems(filledSample(lines[index].json));
}

function problemsOfPattern(pattern) {
  const { type } = pattern;
  if (type === undefined) return ['names no type'];
  if (!frames[type]) return [`there is no schema for the type ${type}`];
  return unknownFields(pattern, frames[type], `frames/${type}.json`).map((field) => `${type} has no field ${field}`);
}

import { filledSample } from './samples.js';
import { requestProblems, resolved } from './schemas.js';

const kinds = { string: 'text', number: 7, boolean: true, object: {}, array: [], null: null };
const strings = ['', ' ', 'a/b', '.ann', '12', 'u'.repeat(129), 'a\u0000b', 'a\ud800b'];
const numbers = [-1, 0, 1.5, 101, 201, 2 ** 53];

// What is too long is another refusal, and has rows of its own.
const stringsFor = ({ maxLength = Infinity }) => strings.filter(({ length }) => length <= maxLength);

/** Values of which most are not what `reference` wants; whoever takes them asks the schema. `good` is one that is. */
function candidates(reference, from, good) {
  const { schema, path } = resolved(reference, from);
  const wrong = [...Object.values(kinds), ...(schema.type === 'integer' ? numbers : stringsFor(schema))];
  if (schema.type === 'array') return [...wrong, ...candidates(schema.items, path, good?.[0]).map((item) => [item])];
  if (schema.type !== 'object' || !schema.properties || !good) return wrong;
  const lacking = schema.required.map((name) => without(good, [name]));
  const changed = Object.entries(schema.properties).flatMap(([name, inner]) =>
    candidates(inner, path, good[name]).map((value) => ({ ...good, [name]: value }))
  );
  return [...wrong, ...lacking, ...changed];
}

const without = (frame, names) => Object.fromEntries(Object.entries(frame).filter(([name]) => !names.includes(name)));

/** A value of `bytes` bytes, as text in UTF-8 or as JSON. */
const ofBytes = (good, bytes) => (typeof good === 'string' ? 'é'.repeat(bytes >> 1) + 'x'.repeat(bytes & 1) : { a: 'x'.repeat(bytes - 8) });

/** `count` elements like the one of the example, no two about the same user. */
function elements(example, count) {
  const one = JSON.stringify(example[0]).replace('"$file"', '"$uuid"');
  return Array.from({ length: count }, (_, index) => JSON.parse(one.replace(/^"\$(user|outsider)"$/, `"user-${index}"`)));
}

/** The same example about somebody, something or somewhere that does not exist. */
function elsewhere(value) {
  if (Array.isArray(value)) return value.map(elsewhere);
  if (value === '$conversation') return '$uuid';
  return value === '$seq' ? 1_000_000 : '$nobody';
}

/**
 * What the server must refuse, made from the schema of a request. A row has a `name`, who sends it (`as`), its `frames`,
 * and the `code` and the possible `fields` of the answer; no `code` says that it is granted. `bySchema`: the schema
 * refuses the frames too.
 */
export function rowsOf(schema, settings = {}) {
  const { examples, refusals, as = 'owner' } = schema['x-parley'];
  const [first] = examples;
  const exampleWith = (field) => examples.find((example) => field in example) ?? first;
  const path = `requests/${schema.title}.json`;
  const rows = [];
  const row = (name, frames, code, fields, more = {}) => rows.push({ name, as, frames: [frames].flat(), code, fields, ...more });
  const badForm = (name, frames, fields) => row(`${name} is invalid_argument`, frames, 'invalid_argument', fields, { bySchema: true });

  // What is missing.
  for (const field of schema.required.filter((name) => name !== 'type')) badForm(`no ${field}`, without(first, [field]), [field]);
  for (const choice of [schema.anyOf, schema.oneOf].filter(Boolean)) {
    const fields = choice.flatMap(({ required }) => required);
    badForm(`none of ${fields.join(', ')}`, without(first, fields), fields);
    for (const { required } of choice.filter((one) => one.required.length > 1))
      for (const field of required) badForm(`no ${field}`, without(first, [field]), [field]);
  }
  // What excludes each other.
  const pairs = (schema.allOf ?? []).map((one) => one.not.required);
  if (schema.oneOf) pairs.push(schema.oneOf.flatMap(({ required }) => required));
  for (const [one, other] of pairs)
    badForm(`${one} beside ${other}`, { ...exampleWith(one), [other]: exampleWith(other)[other] }, [one, other]);

  // What is no value of its field.
  for (const [field, reference] of Object.entries(schema.properties)) {
    if (field === 'type' || field === 'ref') continue;
    const example = exampleWith(field);
    const frames = candidates(reference, path, example[field])
      .map((value) => ({ ...example, [field]: value }))
      .filter((frame) => requestProblems(filledSample(frame)).length > 0);
    if (frames.length > 0) badForm(`${field} of ${frames.length} wrong forms`, frames, [field]);
  }

  // What is too much.
  for (const { field, bytes } of refusals.tooLarge ?? []) {
    const example = exampleWith(field);
    row(`${field} of ${bytes} bytes is granted`, { ...example, [field]: ofBytes(example[field], bytes) });
    row(`${field} of ${bytes + 1} bytes is too_large`, { ...example, [field]: ofBytes(example[field], bytes + 1) }, 'too_large', [field]);
  }
  for (const { field, count, setting, code = 'too_many' } of refusals.tooMany ?? []) {
    const most = setting ? settings[setting] : count;
    const example = exampleWith(field);
    row(`${field} with ${most + 1} elements is ${code}`, { ...example, [field]: elements(example[field], most + 1) }, code, [field]);
  }

  // What is none of the sender's business.
  for (const field of refusals.unknownId ?? []) {
    const example = exampleWith(field);
    row(`${field} that is not there is not_found`, { ...example, [field]: elsewhere(example[field]) }, 'not_found');
  }
  if (refusals.notMember) row('somebody outside gets not_found', withConversation(examples), 'not_found', undefined, { as: 'outsider' });
  for (const role of refusals.wrongRole ?? []) row(`the ${role} gets forbidden`, first, 'forbidden', undefined, { as: role });
  if (refusals.groupOnly) row('a 1:1 is invalid_argument', { ...first, conversation: '$direct' }, 'invalid_argument');
  for (const { title, code, field, as: who = as, with: changed, without: dropped = [] } of refusals.more ?? [])
    row(`${title} is ${code}`, { ...without(first, dropped), ...changed }, code, field && [field], { as: who });
  return rows;
}

const withConversation = (examples) => examples.find((example) => 'conversation' in example || 'conversations' in example);

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';

const folder = fileURLToPath(new URL('../../docs/protocol/schema/', import.meta.url));
// The schemas have no `$id`: the base of their references is the place where they lie.
const base = 'schema:/';

const read = (path) => JSON.parse(readFileSync(folder + path, 'utf8'));
const readAll = (kind) =>
  Object.fromEntries(
    readdirSync(folder + kind)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => [name.slice(0, -5), read(`${kind}/${name}`)])
  );

/** The schemas by type. */
export const requests = readAll('requests');
export const frames = readAll('frames');
const common = read('common.json');

/** What the schema file at `path`, relative to the folder, holds. */
function at(path) {
  if (path === 'common.json') return common;
  const [kind, name] = path.split('/');
  return { requests, frames }[kind]?.[name.slice(0, -5)];
}

/**
 * Follows the references of a subschema that stands in `path`. Answers the subschema with what it refers to folded in,
 * and the path in which its own references are meant.
 */
export function resolved(schema, path) {
  if (schema?.$ref === undefined) return { schema, path };
  const { $ref, ...own } = schema;
  const [file, pointer] = $ref.split('#');
  const target = file ? new URL(file, `x:/${path}`).pathname.slice(1) : path;
  const found = pointer ? pointer.split('/').slice(1).reduce((inner, key) => inner?.[key], at(target)) : at(target);
  if (found === undefined) throw new Error(`${path}: ${$ref} leads nowhere`);
  const there = resolved(found, target);
  return { schema: { ...there.schema, ...own }, path: there.path };
}

/** A copy that takes no fields but the named ones, wherever the schema does not say that others may stand there. */
function closed(schema, name = '') {
  if (Array.isArray(schema)) return schema.map((one) => closed(one));
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value, key)]));
  // What is named …Fields is a part of other objects, which are closed themselves.
  const isWhole = schema.type === 'object' && (schema.properties || schema.allOf) && !name.endsWith('Fields');
  if (isWhole && schema.additionalProperties === undefined) copy.unevaluatedProperties = false;
  return copy;
}

function compile(change) {
  const ajv = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false });
  ajv.addVocabulary(['x-parley']);
  ajv.addSchema(change(common), `${base}common.json`);
  const byType = (kind, schemas) => {
    for (const [type, schema] of Object.entries(schemas)) ajv.addSchema(change(schema), `${base}${kind}/${type}.json`);
  };
  byType('requests', requests);
  byType('frames', frames);
  return (kind, type, value) => {
    const validate = ajv.getSchema(`${base}${kind}/${type}.json`);
    if (!validate) return [`there is no schema for the type ${type}`];
    if (validate(value)) return [];
    return validate.errors.map(({ instancePath, message, params }) =>
      [instancePath, message, params.unevaluatedProperty ?? ''].join(' ').trim()
    );
  };
}

const asPublished = compile((schema) => schema);
const knownFieldsOnly = compile(closed);

/** What is wrong with a request; empty: nothing. Fields that the schema does not name are fine. */
export const requestProblems = (request) => asPublished('requests', request.type, request);

/** What is wrong with a frame of the server, fields that the schema does not name among it. */
export const frameProblems = (frame) => knownFieldsOnly('frames', frame.type, frame);

import { resolved } from './schemas.js';

/** The parts of a subschema that may describe an object's fields, each with the path in which its references are meant. */
function parts(reference, from) {
  const { schema, path } = resolved(reference, from);
  const inner = [...(schema.allOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => parts(one, path));
  return [{ schema, path }, ...inner];
}

/** The names of the fields that an object may have. */
export const fieldsOf = (reference, from) =>
  new Set(parts(reference, from).flatMap(({ schema }) => Object.keys(schema.properties ?? {})));

/** Where `pattern` names a field that the subschema does not know. `"<none>"` may stand for any field: it is not there. */
export function unknownFields(pattern, reference, from, place = '') {
  if (Array.isArray(pattern)) {
    const lists = parts(reference, from).filter(({ schema }) => schema.items !== undefined);
    return pattern.flatMap((item, index) =>
      lists.flatMap(({ schema, path }) => unknownFields(item, schema.items, path, `${place}[${index}]`))
    );
  }
  if (pattern === null || typeof pattern !== 'object') return [];
  const known = parts(reference, from).filter(({ schema }) => describes(schema, pattern));
  // An object without named fields is the application's own, or a table.
  if (known.every(({ schema }) => !schema.properties)) return [];
  return Object.entries(pattern).flatMap(([field, inner]) => {
    if (inner === '<none>') return [];
    const homes = known.filter(({ schema }) => schema.properties?.[field] !== undefined);
    if (homes.length === 0 && !known.some(({ schema }) => schema.additionalProperties)) return [`${place}.${field}`];
    return homes.flatMap(({ schema, path }) => unknownFields(inner, schema.properties[field], path, `${place}.${field}`));
  });
}

/** Whether the part is about things of the type that the pattern names, if it names one. */
function describes({ properties }, { type }) {
  const own = properties?.type;
  if (type === undefined || own === undefined) return true;
  return own.const === type || Boolean(own.enum?.includes(type));
}

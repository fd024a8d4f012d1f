const uuid = '018f0000-0000-7000-8000-000000000001';

/** The value with something of the right form for its placeholders: a UUID is a user id too, and a token, and a place. */
export function filledSample(value) {
  if (typeof value === 'string' && value.startsWith('$')) return value === '$seq' ? 2 : uuid;
  if (Array.isArray(value)) return value.map(filledSample);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filledSample(inner)]));
}

/** A copy of `value` in which every string that is a placeholder, such as `$conversation`, is what `look` answers for it. */
export async function filled(value, look) {
  if (typeof value === 'string') return /^\$[a-z]\w*$/i.test(value) ? look(value.slice(1)) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => filled(item, look)));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(async ([key, inner]) => [key, await filled(inner, look)]);
  return Object.fromEntries(await Promise.all(entries));
}

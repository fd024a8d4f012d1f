import { readFileSync } from 'node:fs';

const text = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The types that the server reads: the branches of `read_request`. */
export function typesOfTheServer() {
  const source = text('core/src/codec.cpp');
  const begin = source.indexOf('result<client_request> read_request(');
  const body = source.slice(begin, source.indexOf('\n}\n', begin));
  const compared = [...body.matchAll(/type == "(\w+)"/g)].map(([, type]) => type);
  const listed = [...body.matchAll(/for \(const auto action : \{([^}]*)\}\)/g)].flatMap(([, names]) => names.split(/,\s*/));
  return [...compared, ...listed];
}

/** The types of the frames that the server writes: what the encoder begins an object with. */
export function typesOfTheEncoder() {
  const entries = [...text('core/src/model.cpp').matchAll(/case entry_kind::\w+: return "(\w+)"/g)];
  const others = [...text('core/src/encoder.cpp').matchAll(/object_writer \w+\{"(\w+)"\}/g)];
  return [...new Set([...entries, ...others].map(([, type]) => type))];
}

/** What the page says about types: those in examples, and the requests in its tables. */
export function typesOfThePage() {
  const page = text('docs/protocol.md');
  const examples = [...page.matchAll(/"type":"(\w+)"/g)].map(([, type]) => type);
  const requests = page
    .split(/\n\n/)
    .filter((block) => block.startsWith('| request |'))
    .flatMap((table) => table.split('\n').slice(2))
    .flatMap((row) => [...row.split('|')[1].matchAll(/`(\w+)`/g)].map(([, type]) => type));
  return { examples: new Set(examples), requests: new Set(requests) };
}

/** The numbers of the sections of the page. */
export const sectionsOfThePage = () => [...text('docs/protocol.md').matchAll(/^## (\d+)\. /gm)].map(([, number]) => number);

/** Whether the page has the word in code style, or as a type. */
export const isOnThePage = (type) => new RegExp('`' + type + '`|"type":"' + type + '"').test(text('docs/protocol.md'));

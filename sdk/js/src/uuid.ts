/**
 * A version 7 UUID: 48 bits of time, then random bits. Ids made later sort later, which keeps the
 * server's index on client ids compact.
 */
export function uuidv7(now: number = Date.now(), bytes: Uint8Array = randomBytes()): string {
  const id = bytes.slice(0, 16);
  let time = now;
  for (let at = 5; at >= 0; at--) {
    id[at] = time % 256;
    time = Math.floor(time / 256);
  }
  id[6] = 0x70 | (id[6]! & 0x0f);
  id[8] = 0x80 | (id[8]! & 0x3f);
  const hex = Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// Node 18 has no global `crypto`. A client id has to be unique, not secret, so Math.random will do there.
function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(16);
  if (typeof globalThis.crypto?.getRandomValues === 'function') return globalThis.crypto.getRandomValues(bytes);
  return bytes.map(() => Math.floor(Math.random() * 256));
}

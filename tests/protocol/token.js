import { createHmac } from 'node:crypto';

/** The key of the servers that these tests start. */
export const secret = 'the secret of the protocol tests';

const part = (content) => Buffer.from(JSON.stringify(content)).toString('base64url');

/** A token as an application's own issuer would make it. Its first use creates the user. */
export function tokenOf(user, lifetimeSeconds = 3600) {
  const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: user, exp: Math.floor(Date.now() / 1000) + lifetimeSeconds })}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

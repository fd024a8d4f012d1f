export type CloseVerdict = 'reconnect' | 'reauthenticate' | 'stop';

/**
 * What a WebSocket close code asks of a client. 4000..4499 is "come back", 4500 and above is "stay away",
 * and WebSocket's own codes (1000, 1001, 1006, …) say nothing against coming back.
 */
export function closeVerdict(code: number): CloseVerdict {
  // The token was refused. Whoever can get another one may try once more.
  if (code === 4501) return 'reauthenticate';
  return code >= 4500 && code <= 4999 ? 'stop' : 'reconnect';
}

const reasons: Record<number, string> = {
  4500: 'the server ended the connection because of a protocol violation',
  4501: 'authentication failed',
  4502: 'this device was revoked',
  4504: 'too many connections of this user',
  4505: 'the server does not speak this version of the protocol',
  4506: 'replaced by a newer connection of the same session',
};

export function closeReason(code: number, reason: string): string {
  return reason || reasons[code] || `the connection was closed (${code})`;
}

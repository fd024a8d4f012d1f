import { httpJson } from '@parley/sdk';

/** Tells the server that this browser is signed out: its tokens and its place in conversations end there. */
export async function revokeDevice(token: string, device: string): Promise<void> {
  try {
    await httpJson({ url: location.origin }, 'DELETE', `/v1/devices/${encodeURIComponent(device)}`, undefined, token);
  } catch {
    // Offline, or too late. The browser has forgotten its tokens either way.
  }
}

export interface NetworkHints {
  /** The network is back, or the page is looked at again: a good moment to try. */
  better(): void;
  /** The network is gone. */
  gone(): void;
}

/** Listens to what a browser knows about the network. Elsewhere it does nothing. Returns how to stop. */
export function watchNetwork({ better, gone }: NetworkHints): () => void {
  if (typeof globalThis.addEventListener !== 'function' || typeof document === 'undefined') return () => {};
  const seen = () => {
    if (document.visibilityState === 'visible') better();
  };
  globalThis.addEventListener('online', better);
  globalThis.addEventListener('offline', gone);
  document.addEventListener('visibilitychange', seen);
  return () => {
    globalThis.removeEventListener('online', better);
    globalThis.removeEventListener('offline', gone);
    document.removeEventListener('visibilitychange', seen);
  };
}

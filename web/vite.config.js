import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const node = 'http://127.0.0.1:8080';

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  // The SDK is built in from its source, so that a fresh clone needs no build of it first.
  resolve: { alias: { '@parley/sdk': fileURLToPath(new URL('../sdk/js/src/index.ts', import.meta.url)) } },
  build: {
    target: 'es2022',
    // The content security policy allows no inline code, and images are cached better as files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/v1': node, '/connect': { target: node, ws: true } },
    fs: { allow: ['..'] },
  },
});

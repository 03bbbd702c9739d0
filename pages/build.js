// Builds every folder beside this file that has an index.html into dist/<folder>, each complete in itself: the servers that
// deliver them are different programs and know nothing of each other.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const pages = readdirSync(here).filter((name) => name !== 'dist' && existsSync(join(here, name, 'index.html')));

for (const page of pages) {
  await build({
    configFile: false,
    root: join(here, page),
    base: './',
    logLevel: 'warn',
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    build: { outDir: join(here, 'dist', page), emptyOutDir: true, target: 'es2021', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
}

// build.mjs [FOLDER]: bundles the pages into FOLDER (dist), with the hash of its content in each file's name.
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

const out = process.argv[2] || 'dist';
await rm(out, { recursive: true, force: true });
const result = await build({
    entryPoints: { app: 'src/main.js' },
    bundle: true,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    minify: true,
    outdir: `${out}/assets`,
    entryNames: '[name]-[hash]',
    loader: { '.json': 'json' },
    metafile: true,
    target: ['chrome110', 'firefox115', 'safari16'],
    legalComments: 'none',
    logLevel: 'warning',
});
const files = Object.keys(result.metafile.outputs).map((path) => basename(path));
const named = (end) => files.find((name) => name.startsWith('app-') && name.endsWith(end));
const page = await readFile('src/index.html', 'utf8');
await mkdir(out, { recursive: true });
await writeFile(`${out}/index.html`, page.replace('app.js', named('.js')).replace('app.css', named('.css')));

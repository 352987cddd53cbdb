import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { isRuntime, isScript } from './traffic'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Gzipped bytes of our JavaScript among the paths that were asked for: a worker counts without the ONNX Runtime inside it. */
export async function ownScriptBytes(dist: string, paths: readonly string[]): Promise<number> {
  let bytes = 0
  for (const path of new Set(paths.filter((each) => isScript(each) && !isRuntime(each)))) {
    const stem = /\/([\w-]+)\.worker-/.exec(path)?.[1]
    const code =
      stem === undefined ? await readFile(join(dist, path), 'utf8') : await workerWithoutRuntime(stem)
    bytes += gzipSync(code, { level: 9 }).length
  }
  return bytes
}

/** The worker's code as the page's build makes it, with ONNX Runtime left out. */
async function workerWithoutRuntime(stem: string): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    build: {
      target: 'es2023',
      write: false,
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: join(root, 'workers', `${stem}.worker.ts`),
        external: /^onnxruntime-web/,
        preserveEntrySignatures: false,
      },
    },
  })
  const outputs = Array.isArray(built) ? built : [built]
  return outputs
    .flatMap((output) => ('output' in output ? output.output : []))
    .map((file) => (file.type === 'chunk' ? file.code : ''))
    .join('')
}

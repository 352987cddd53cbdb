/** Our own Vite plugins: the response headers of the dev and preview servers, and ONNX Runtime's files served by us. */
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Connect, Plugin } from 'vite'
import manifest from '../package.json' with { type: 'json' }
import { headersFor, metaPolicy } from './headers.mjs'

const pathOf = (request: Connect.IncomingMessage): string => (request.url ?? '/').replace(/[?#].*$/, '')

const withHeaders =
  (mode: 'dev' | 'built'): Connect.NextHandleFunction =>
  (request, response, next) => {
    for (const [name, value] of Object.entries(headersFor(pathOf(request), mode)))
      response.setHeader(name, value)
    next()
  }

/**
 * Sends the same headers from `vite dev` and `vite preview` as our own server does, and writes into the built page what of them
 * a page can say for itself.
 */
export function securityHeaders(): Plugin {
  return {
    name: 'security-headers',
    configureServer: ({ middlewares }) => void middlewares.use(withHeaders('dev')),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(withHeaders('built')),
    transformIndexHtml(_, { server }) {
      if (server) return []
      const policy = { 'http-equiv': 'Content-Security-Policy', content: metaPolicy() }
      const referrer = { name: 'referrer', content: headersFor('/')['Referrer-Policy'] }
      return [policy, referrer].map((attrs) => ({ tag: 'meta', attrs, injectTo: 'head-prepend' as const }))
    },
  }
}

/** Named by the version, so that a page which is still open never gets the files of another one. */
const runtimeFolder = `ort/${manifest.dependencies['onnxruntime-web']}/`

/** Of each build (plain, JSPI, asyncify) a script that is loader and thread entry at once, and its binary. */
const runtimeFiles = Object.fromEntries(
  ['', '.jspi', '.asyncify'].flatMap((build) => [
    [`ort-wasm-simd-threaded${build}.mjs`, 'text/javascript'],
    [`ort-wasm-simd-threaded${build}.wasm`, 'application/wasm'],
  ]),
)

/**
 * Puts ONNX Runtime's loaders and binaries below `/ort/`, unbundled: threads start from the loader's own address, which
 * inside a chunk of ours would start our worker again. A worker fetches the one build that it needs.
 */
export function onnxRuntimeFiles(): Plugin {
  const folder = dirname(
    createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
  )
  return {
    name: 'onnx-runtime-files',
    config: () => ({ define: { __RUNTIME_FOLDER__: JSON.stringify(runtimeFolder) } }),
    configureServer: ({ middlewares }) =>
      void middlewares.use((request, response, next) => {
        const file = Object.entries(runtimeFiles).find(
          ([name]) => pathOf(request) === `/${runtimeFolder}${name}`,
        )
        if (file === undefined) {
          next()
          return
        }
        response.setHeader('Content-Type', file[1])
        createReadStream(join(folder, file[0])).pipe(response)
      }),
    generateBundle() {
      for (const fileName of Object.keys(runtimeFiles))
        this.emitFile({
          type: 'asset',
          fileName: runtimeFolder + fileName,
          source: readFileSync(join(folder, fileName)),
        })
    },
  }
}

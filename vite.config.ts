import { constants } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defaultClientConditions, defineConfig } from 'vite'
import { compression, defineAlgorithm } from 'vite-plugin-compression2'
import manifest from './package.json' with { type: 'json' }
import { offlineWorker } from './scripts/vite-offline.ts'
import { onnxRuntimeFiles, securityHeaders } from './scripts/vite-plugins.ts'

// Quality 11 makes ONNX Runtime's 14 MB 12 % smaller still, but takes half a minute of every first start.
const brotli = defineAlgorithm('brotliCompress', { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })

export default defineConfig({
  // Addresses are relative, so that the page works under any path.
  base: './',
  plugins: [
    svelte({ configFile: false }),
    securityHeaders(),
    onnxRuntimeFiles(),
    compression({
      algorithms: [brotli, 'gzip'],
      include: /\.(?:html|js|mjs|css|json|svg|wasm|safetensors|webmanifest)$/,
      skipIfLargerOrEqual: true,
      logLevel: 'silent',
    }),
    offlineWorker(),
  ],
  resolve: {
    // One ONNX Runtime in the page, which drives any of its three binaries; they and their loaders lie outside the bundle.
    alias: [{ find: /^onnxruntime-web$/, replacement: 'onnxruntime-web/webgpu' }],
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  define: {
    __VERSION__: JSON.stringify(manifest.version),
    __RUNTIME_VERSION__: JSON.stringify(manifest.dependencies['onnxruntime-web']),
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    // An asset inlined as `data:` would be refused by the Content-Security-Policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  // Found through the page alone, a worker's packages would be met late and reload the page in the middle of a run.
  optimizeDeps: { entries: ['index.html', 'workers/*.worker.ts'] },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
})

/** The service worker's build. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

/** ONNX Runtime's largest binary has 27 MB; what is larger than this was not meant to be in the page. */
const maxFileBytes = 40 * 2 ** 20

/** Builds `workers/offline.worker.ts` with the list of all files of the build, each with the hash of its bytes. */
export function offlineWorker(): Plugin[] {
  let dist = ''
  const noteFolder: Plugin = {
    name: 'note-folder',
    configResolved: ({ root, build }) => {
      dist = join(root, build.outDir)
    },
  }
  const integrityOf = async (url: string): Promise<string> =>
    `sha256-${createHash('sha256')
      .update(await readFile(join(dist, url)))
      .digest('base64')}`
  return [
    noteFolder,
    ...VitePWA({
      strategies: 'injectManifest',
      srcDir: 'workers',
      filename: 'offline.worker.ts',
      // The page starts it by itself, and brings its own web app manifest.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        rollupFormat: 'iife',
        globPatterns: ['**/*'],
        globIgnores: ['**/*.{br,gz}', 'offline.worker.js'],
        maximumFileSizeToCacheInBytes: maxFileBytes,
        manifestTransforms: [
          async (entries) => ({
            manifest: await Promise.all(
              entries.map(async (entry) => ({
                ...entry,
                revision: null,
                integrity: await integrityOf(entry.url),
              })),
            ),
          }),
        ],
      },
    }),
  ]
}

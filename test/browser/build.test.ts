import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import manifest from '../../package.json' with { type: 'json' }

/** Built files as paths inside dist, without their compressed neighbours. */
const built = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter(
  (path) => !/\.(?:br|gz)$/.test(path),
)
const scripts = built.filter((path) => /\.m?js$/.test(path))
/** Where ONNX Runtime lies, in a folder that is named by its version. */
const runtime = `ort/${manifest.dependencies['onnxruntime-web']}/`
const read = (path: string): string => readFileSync(join('dist', path), 'utf8')

test('one ONNX Runtime is in the build: a binary and a loader of each kind, one copy of its library', () => {
  const stems = ['.asyncify', '.jspi', ''].map((kind) => `${runtime}ort-wasm-simd-threaded${kind}`)
  expect(built.filter((path) => path.endsWith('.wasm')).sort()).toEqual(stems.map((stem) => `${stem}.wasm`))
  expect(built.filter((path) => /(?:^|\/)ort[-.][^/]*\.m?js$/.test(path)).sort()).toEqual(
    stems.map((stem) => `${stem}.mjs`),
  )
  expect(scripts.filter((path) => read(path).includes('no available backend found'))).toEqual([
    expect.stringMatching(/^assets\/engine\.worker-/),
  ])
})

test('what asks hubs and hashes in pieces is in the store worker alone', () => {
  // The name of a header that only a hub sends, and what hash-wasm says of a state that is not its own.
  for (const sign of ['X-Error-Code', 'written by an incompatible hash'])
    expect(scripts.filter((path) => read(path).includes(sign))).toEqual([
      expect.stringMatching(/^assets\/store\.worker-/),
    ])
})

test('the service worker keeps every file of the build but itself, and nothing compressed', () => {
  const list = /\[\{"integrity".*?\}\]/.exec(read('offline.worker.js'))?.[0] ?? '[]'
  const files = JSON.parse(list) as { readonly url: string; readonly integrity: string }[]
  expect(files.map(({ url }) => url).sort()).toEqual(
    built.filter((path) => statSync(join('dist', path)).isFile() && path !== 'offline.worker.js').sort(),
  )
  for (const { integrity } of files) expect(integrity).toMatch(/^sha256-[\w+/]{43}=$/)
})

test('the build has no inline script, no source map and no address of a content network', () => {
  expect(read('index.html')).not.toMatch(/<script(?![^>]*\ssrc=)/)
  expect(built.filter((path) => path.endsWith('.map'))).toEqual([])
  for (const path of scripts) expect(read(path), path).not.toMatch(/cdn\.jsdelivr|unpkg\.com|esm\.sh/)
})

test('what is large and text-like is there compressed', () => {
  const all = readdirSync('dist', { recursive: true, encoding: 'utf8' })
  // What is smaller than a packet would not arrive any sooner.
  const large = scripts.filter(
    // The service worker is made after all else was compressed, for it lists what there is.
    (path) => path !== 'offline.worker.js' && statSync(join('dist', path)).size > 1400,
  )
  for (const path of ['index.html', `${runtime}ort-wasm-simd-threaded.wasm`, ...large])
    expect(all).toEqual(expect.arrayContaining([`${path}.br`, `${path}.gz`]))
})

import { ESLint } from 'eslint'
import { expect, test } from 'vitest'

const eslint = new ESLint()

/** Lints `code` as if it stood in `file`, which exists, so that typed rules and relative imports work; returns rule names. */
async function rulesBrokenBy(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: file })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

const paths = 'import-x/no-restricted-paths'
const packages = 'no-restricted-imports'
const syntax = 'no-restricted-syntax'
const component = (script: string): string => `<script lang="ts">\n  ${script}\n</script>`

test.each([
  ['the domain imports the page', 'src/domain/label.ts', `export * from '../main'`, paths],
  ['the domain imports the contract', 'src/domain/label.ts', `export * from '../engine/contract'`, paths],
  [
    'the domain imports a worker',
    'src/domain/label.ts',
    `export * from '../../workers/graph/protobuf'`,
    paths,
  ],
  ['the domain imports a framework', 'src/domain/label.ts', `export { tick } from 'svelte'`, packages],
  ['the domain imports Node', 'src/domain/label.ts', `export { join } from 'node:path'`, packages],
  ['the domain draws its own random number', 'src/domain/label.ts', `export const x = Math.random()`, syntax],
  ['the domain reads a clock', 'src/domain/label.ts', `export const x = Date.now()`, 'no-restricted-globals'],
  ['a component imports comlink', 'src/App.svelte', component(`import 'comlink'`), packages],
  ['a component imports idb-keyval', 'src/App.svelte', component(`import 'idb-keyval'`), packages],
  ['a component imports ONNX Runtime', 'src/App.svelte', component(`import 'onnxruntime-web'`), packages],
  ['a component loads comlink later', 'src/App.svelte', component(`void import('comlink')`), syntax],
  [
    'a component imports the engine client',
    'src/App.svelte',
    component(`import './engine/engine-client'`),
    paths,
  ],
  ['a component imports the storage', 'src/App.svelte', component(`import './storage/workspace'`), paths],
  [
    'a component sets a style that the policy blocks',
    'src/App.svelte',
    '<p style="color: red">a</p>',
    syntax,
  ],
  ['a component imports the files client', 'src/App.svelte', component(`import './files/client'`), paths],
  [
    'the reader of files imports the engine',
    'workers/files/limits.ts',
    `export * from '../engine/jobs'`,
    paths,
  ],
  [
    'the reader of files imports the page’s side',
    'workers/files/limits.ts',
    `export * from '../../src/files/client'`,
    paths,
  ],
  [
    'the reader of files imports comlink',
    'workers/files/limits.ts',
    `export { wrap } from 'comlink'`,
    packages,
  ],
  [
    'the engine imports the reader of files',
    'workers/engine/jobs.ts',
    `export * from '../files/limits'`,
    paths,
  ],
  ['the page imports a worker', 'src/main.ts', `import '../workers/graph/protobuf'`, paths],
  [
    'the client spawns a worker',
    'src/engine/engine-client.ts',
    `export const x = new Worker('x.js')`,
    syntax,
  ],
  ['the page prints', 'src/main.ts', `console.log(1)`, 'no-console'],
  ['t5 imports ONNX Runtime', 'workers/t5/scoring-plan.ts', `export * from 'onnxruntime-web'`, packages],
  [
    't5 imports its WebGPU build',
    'workers/t5/scoring-plan.ts',
    `export * from 'onnxruntime-web/webgpu'`,
    packages,
  ],
  [
    't5 loads ONNX Runtime later',
    'workers/t5/scoring-plan.ts',
    `export const x = import('onnxruntime-web')`,
    syntax,
  ],
  [
    'a worker imports samples of the page',
    'workers/t5/scoring-plan.ts',
    `import '../../src/samples/sample-lines'`,
    paths,
  ],
  ['t5 crosses threads', 'workers/t5/scoring-plan.ts', `import 'comlink'`, packages],
  ['the composition root crosses threads itself', 'src/main.ts', `import 'comlink'`, packages],
  ['the graph room knows T5', 'workers/graph/protobuf.ts', `export * from '../t5/scoring-plan'`, paths],
  ['t5 knows the engine', 'workers/t5/scoring-plan.ts', `export * from '../engine/batches'`, paths],
  ['the formats know T5', 'workers/formats/half.ts', `export * from '../t5/scoring-plan'`, paths],
  ['the state knows components', 'src/state/mode.ts', `export * from '../ui/numbers'`, paths],
  [
    'the domain reaches a clock by a detour',
    'src/domain/label.ts',
    `export const x = globalThis.Date.now()`,
    'no-restricted-globals',
  ],
  ['a script imports the page', 'scripts/check.ts', `import '../src/main'`, paths],
  [
    'what keeps the site knows what it does',
    'workers/offline/site-files.ts',
    `export * from '../engine/jobs'`,
    paths,
  ],
  [
    'a worker imports a script',
    'workers/engine/jobs.ts',
    `export * from '../../scripts/eval/bad-input'`,
    paths,
  ],
  [
    'the state knows where the page came from',
    'src/state/mode.ts',
    `export * from '../offline/contract'`,
    paths,
  ],
  ['any', 'src/domain/label.ts', `export const x: any = 1`, '@typescript-eslint/no-explicit-any'],
  [
    'a promise nobody waits for',
    'workers/t5/scoring-plan.ts',
    `Promise.resolve(1)`,
    '@typescript-eslint/no-floating-promises',
  ],
  ['what keeps files knows models', 'workers/kept/kept-files.ts', `export * from '../formats/half'`, paths],
  [
    'what keeps files knows the network',
    'workers/kept/kept-files.ts',
    `export * from '../store/sleep'`,
    paths,
  ],
  ['the engine knows the network', 'workers/engine/jobs.ts', `export * from '../store/sleep'`, paths],
  ['the store knows what sees text', 'workers/store/sleep.ts', `export * from '../engine/jobs'`, paths],
  ['the store writes past what keeps files', 'workers/store/sleep.ts', `import 'idb-keyval'`, packages],
  ['a component imports the store client', 'src/App.svelte', component(`import './store/client'`), paths],
  ['the engine keeps data itself', 'workers/engine/jobs.ts', `import 'idb-keyval'`, packages],
  ['a file over 300 lines', 'src/domain/label.ts', 'export const x = 1'.padEnd(330, '\n'), 'max-lines'],
])('refused: %s', async (_, file, code, rule) => {
  expect(await rulesBrokenBy(file, code)).toContain(rule)
})

test('a comment cannot switch a rule off', async () => {
  const code = '/* eslint-disable */\nexport const x = Math.random()'
  expect(await rulesBrokenBy('src/domain/label.ts', code)).toContain(syntax)
})

test.each([
  ['the runtime imports ONNX Runtime', 'workers/runtime/session.ts', `export { env } from 'onnxruntime-web'`],
  [
    'a worker imports the contract',
    'workers/t5/scoring-plan.ts',
    `export type { JobId } from '../../src/engine/contract'`,
  ],
  [
    'a worker imports the domain',
    'workers/t5/scoring-plan.ts',
    `export type { Label } from '../../src/domain/label'`,
  ],
  [
    'the reader of files imports its contract',
    'workers/files/limits.ts',
    `export type { FileRow } from '../../src/files/contract'`,
  ],
  ['the files client imports comlink', 'src/files/client.ts', `export { wrap } from 'comlink'`],
  [
    'a component imports the contract of files',
    'src/App.svelte',
    component(`import type { FileRow } from './files/contract'\n  export const row: FileRow | null = null`),
  ],
  ['the engine client imports comlink', 'src/engine/engine-client.ts', `export { wrap } from 'comlink'`],
  [
    'a component sets a style by directive',
    'src/App.svelte',
    '<p style:color="red" style:top="{1 + 1}px">a</p>',
  ],
  ['the storage imports idb-keyval', 'src/storage/workspace.ts', `export { get } from 'idb-keyval'`],
  ['what keeps files imports idb-keyval', 'workers/kept/kept-files.ts', `export { get } from 'idb-keyval'`],
  ['the store reads model files', 'workers/store/sleep.ts', `export * from '../formats/half'`],
  ['the store client imports comlink', 'src/store/client.ts', `export { wrap } from 'comlink'`],
  [
    'the store imports its contract',
    'workers/store/sleep.ts',
    `export type { StoreError } from '../../src/store/contract'`,
  ],
  [
    'the service worker imports the table of headers and its contract',
    'workers/offline/with-headers.ts',
    `export { headersFor } from '../../scripts/headers.mjs'\nexport { PAGE_LOCK } from '../../src/offline/contract'`,
  ],
  ['a script imports a worker', 'scripts/check.ts', `export * from '../workers/graph/protobuf'`],
  ['the domain imports itself', 'src/domain/label.ts', `export type { Task } from './task'`],
  [
    'the composition root spawns the engine',
    'src/main.ts',
    `export const x = new Worker(new URL('../workers/engine.worker.ts', import.meta.url), { type: 'module' })`,
  ],
])('allowed: %s', async (_, file, code) => {
  expect(await rulesBrokenBy(file, code)).toEqual([])
})

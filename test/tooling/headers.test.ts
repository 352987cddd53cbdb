import { expect, test } from 'vitest'
import { contentSecurityPolicy, headersFor, metaPolicy } from '../../scripts/headers.mjs'

const directives = (policy: string): Record<string, string> =>
  Object.fromEntries(policy.split('; ').map((part) => [part.replace(/ .*/, ''), part.replace(/^\S+ /, '')]))

test('every path is isolated and not sniffed', () => {
  for (const path of ['/', '/assets/index-AbCd_123.js', '/ort/ort-wasm-simd-threaded.wasm', '/missing'])
    expect(headersFor(path)).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
})

test('the page allows its own origin only', () => {
  expect(directives(contentSecurityPolicy('/'))).toEqual({
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'self'",
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  })
})

test.each([
  '/assets/engine.worker-AbCd_123.js',
  '/workers/engine.worker.ts',
  '/ort/ort-wasm-simd-threaded.mjs',
])('%s has a policy of its own that keeps it on our origin', (path) => {
  const policy = directives(contentSecurityPolicy(path))
  expect(policy).toMatchObject({ 'default-src': "'none'", 'connect-src': "'self'" })
  expect(policy).not.toHaveProperty('style-src')
})

test.each(['/assets/files.worker-AbCd_123.js', '/workers/files.worker.ts'])(
  '%s, which reads the user’s files, may ask nothing of anyone',
  (path) => {
    expect(directives(contentSecurityPolicy(path))).toMatchObject({
      'default-src': "'none'",
      'connect-src': "'none'",
      'worker-src': "'none'",
    })
  },
)

test('the store worker, which sees no text, may ask any hub, over https unless it is on this machine', () => {
  const policy = directives(contentSecurityPolicy('/assets/store.worker-AbCd_123.js'))
  expect(policy).toMatchObject({
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'connect-src': "'self' https: http://localhost:* http://127.0.0.1:*",
    'worker-src': "'none'",
  })
})

test('the service worker may ask its own origin alone', () => {
  expect(directives(contentSecurityPolicy('/offline.worker.js'))).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'none'",
  })
})

test('what the page says of its policy itself is what the header says, but for who may frame it', () => {
  expect(`${metaPolicy()}; frame-ancestors 'none'`).toBe(contentSecurityPolicy('/'))
})

test('only the dev server is loosened', () => {
  expect(contentSecurityPolicy('/', 'dev')).toMatch(/unsafe-inline.*|ws:/)
  for (const path of ['/', '/assets/engine.worker-AbCd_123.js', '/assets/files.worker-AbCd_123.js'])
    expect(contentSecurityPolicy(path)).not.toMatch(/unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|ws:|\*/)
})

test.each([
  ['/assets/index-AbCd_123.js', /immutable/],
  ['/', /^no-cache$/],
  ['/ort/1.31.0-dev/ort-wasm-simd-threaded.wasm', /immutable/],
  ['/offline.worker.js', /^no-cache$/],
  ['/models/smallcap-t5-nano/task.json', /^no-cache$/],
])('%s is cached as %s', (path, expected) => {
  expect(headersFor(path)['Cache-Control']).toMatch(expected)
})

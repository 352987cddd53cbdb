import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ownBytes, pssBytes } from '../../scripts/bench/renderer-memory'
import { isRuntime, isScript, sumBytes, watchTraffic } from '../../scripts/bench/traffic'
import { createStaticServer, listen } from '../../scripts/setup/server.mjs'

test('PSS is read from an smaps_rollup file', () => {
  const rollup =
    '5581e000-7ffd [rollup]\nRss:  186212 kB\nPss:   40960 kB\nPss_Anon:  30000 kB\nPss_Shmem:  8 kB\n'
  expect(pssBytes(rollup)).toBe(40960 * 1024)
  expect(ownBytes(rollup)).toBe(30008 * 1024)
  expect(pssBytes('')).toBeUndefined()
  expect(ownBytes('Pss: 40960 kB\nPss_Anon: 30000 kB\n')).toBeUndefined()
})

test('traffic counts what was sent, and not what was missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'traffic-'))
  writeFileSync(join(folder, 'a.js'), 'x'.repeat(100))
  const server = createStaticServer(folder)
  const transfers = watchTraffic(server)
  const port = await listen(server, 0, '127.0.0.1')
  await (await fetch(`http://127.0.0.1:${port}/a.js?v=1`)).text()
  await (await fetch(`http://127.0.0.1:${port}/missing.js`)).text()
  server.close()
  // The client may have all of it before the server says that it is done.
  await vi.waitFor(() => expect(transfers).toHaveLength(1))
  expect(transfers).toEqual([{ path: '/a.js', bytes: 100, atMs: expect.any(Number) as number }])
  expect(sumBytes(transfers)).toBe(100)
})

test('our own scripts are told from those of ONNX Runtime', () => {
  expect(['/assets/a-1.js', '/ort/b.mjs', '/c.css'].map((path) => isScript(path))).toEqual([
    true,
    true,
    false,
  ])
  expect(['/assets/a-1.js', '/ort/b.mjs'].map(isRuntime)).toEqual([false, true])
})

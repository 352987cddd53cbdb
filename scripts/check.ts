/** `npm run check`: type-checks every room under its own compiler settings and says which ones fail. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
const tsc = [join(modules, 'bin/tsc'), '--pretty', '--project']
const svelteCheck = [
  join(modules, '../svelte-check/bin/svelte-check'),
  '--output',
  'human',
  '--tsconfig',
  './tsconfig.json',
]

/** Rooms with components, or tests of components, are read by svelte-check, which checks their `.ts` files as well. */
const rooms: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'src/domain', command: [...tsc, 'src/domain'] },
  { name: 'src', command: [...svelteCheck, '--workspace', 'src', '--fail-on-warnings'] },
  { name: 'workers', command: [...tsc, 'workers'] },
  { name: 'scripts', command: [...tsc, 'scripts'] },
  { name: 'test', command: [...svelteCheck, '--workspace', 'test', '--threshold', 'error'] },
  { name: 'root', command: [...tsc, '.'] },
]

const checkRoom = (
  command: readonly string[],
): Promise<{ readonly isSound: boolean; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ isSound: code === 0, output }))
  })

const results = await Promise.all(
  rooms.map(async ({ name, command }) => ({ name, ...(await checkRoom(command)) })),
)
const failed = results.filter(({ isSound }) => !isSound)
for (const { name, output } of failed) console.log(`── ${name} ──\n${output.trim()}\n`)
for (const { name, isSound } of results) console.log(`${isSound ? '✓' : '✗'} ${name}`)
if (failed.length > 0) console.log(`\nRooms that fail: ${failed.map(({ name }) => name).join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

/** Runs npm and other commands with their output in this terminal. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of package.json, with a trailing slash. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A set-up step failed for a reason that its message tells; shown without a stack. */
export class SetupError extends Error {}

/**
 * Runs a command in the project's folder and resolves to its exit code; a command that cannot start resolves to 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env] added to this process's own
 * @returns {Promise<number>}
 */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    child.once('error', () => resolve(127))
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs npm: the very one that started this script where there is one, else the one on the path.
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env]
 * @returns {Promise<number>}
 */
export function runNpm(args, env) {
  const npm = process.env['npm_execpath']
  return npm?.endsWith('.js') ? run(process.execPath, [npm, ...args], env) : run('npm', args, env)
}

/**
 * Ends the process with the sentence of a {@link SetupError}; anything else is a bug and keeps its stack.
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`\n${error.message}`)
  process.exit(1)
}

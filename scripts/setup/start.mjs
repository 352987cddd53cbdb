/** The steps of `npm start`, once Node is known to be new enough. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildStale } from './build.mjs'
import { installMissing } from './install.mjs'
import { SetupError, fail, root } from './process.mjs'

const help = `npm start -- [options]

  --port <number>   first port to try; a taken one moves to the next (default 4173, 0: any)
  --host <address>  address to listen on (default 127.0.0.1: this machine only;
                    other machines need https in front, as browsers ask)
  --no-build        serve dist as it is
  --help            this text`

/**
 * Installs, builds and serves; runs until Ctrl+C.
 * @param {string[]} args command line without node and script
 */
export async function start(args) {
  try {
    const options = parseOptions(args)
    if (options.help) {
      console.log(help)
      return
    }
    await installMissing()
    if (!options['no-build']) await buildStale()
    await serve(options.port, options.host)
  } catch (error) {
    fail(error)
  }
}

/** @param {string[]} args */
function parseOptions(args) {
  const { values } = readArgs(args)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new SetupError(`--port takes a number from 0 to 65535, not "${values.port}".`)
  return { ...values, port }
}

/** @param {string[]} args */
function readArgs(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string', default: '4173' },
        host: { type: 'string', default: '127.0.0.1' },
        'no-build': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
  }
}

/**
 * @param {number} port
 * @param {string} host
 */
async function serve(port, host) {
  // sirv is there only after the installation.
  const { createStaticServer, listen } = await import('./server.mjs')
  const server = createStaticServer(join(root, 'dist'))
  const actualPort = await listen(server, port, host).catch((/** @type {unknown} */ error) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SetupError(`Cannot listen on ${host}:${port}: ${reason}. Try another with --port or --host.`)
  })
  if (port !== 0 && actualPort !== port) console.log(`Port ${port} is taken.`)
  console.log(
    `Smallcap is at http://${host.includes(':') ? `[${host}]` : host}:${actualPort}/ (Ctrl+C stops it)`,
  )
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.once(signal, () => {
      server.close(() => process.exit(0))
      server.closeAllConnections()
    })
}

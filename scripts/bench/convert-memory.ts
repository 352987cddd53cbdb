/**
 * How much memory turning a checkpoint of 1 GB into an int8 pack takes: npx tsx scripts/bench/convert-memory.ts
 * The checkpoint has the shapes of flan-t5-base and random weights. The conversion runs in a process of its own, whose peak
 * is compared with that of converting a model of 50 kB.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { convertModel } from '../convert/convert-model'
import { writeBaseCheckpoint } from './base-checkpoint'

const fixtures = fileURLToPath(new URL('../../test/fixtures', import.meta.url))
const self = fileURLToPath(import.meta.url)

const [source, out] = process.argv.slice(2)
if (source !== undefined && out !== undefined) {
  const started = performance.now()
  await convertModel({ source, out })
  const seconds = (performance.now() - started) / 1000
  console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }))
} else {
  const room = await mkdtemp(join(tmpdir(), 'smallcap-convert-'))
  try {
    const small = join(room, 'small')
    await cp(join(fixtures, 'tiny/gated-untied'), small, { recursive: true })
    await cp(join(fixtures, 'nano-fp32/tokenizer.json'), join(small, 'tokenizer.json'))
    const large = join(room, 'large')
    const sizeBytes = await writeBaseCheckpoint(large)
    const before = await measure(small, join(room, 'small-pack'))
    const after = await measure(large, join(room, 'large-pack'))
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
    console.log(`a checkpoint of ${megabytes(sizeBytes)}: ${after.seconds.toFixed(1)} s,`)
    console.log(
      `${megabytes(after.peakBytes)} at the peak, ${megabytes(after.peakBytes - before.peakBytes)} of it above a tiny model`,
    )
  } finally {
    await rm(room, { recursive: true })
  }
}

interface Measured {
  readonly seconds: number
  readonly peakBytes: number
}

async function measure(from: string, to: string): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', self, from, to])
  return JSON.parse(stdout) as Measured
}

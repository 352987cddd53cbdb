/**
 * How much memory turning a checkpoint of 1 GB into an int8 pack takes: npx tsx scripts/bench/convert-memory.ts
 * The checkpoint has the shapes of flan-t5-base and random weights. The conversion runs in a process of its own, whose peak
 * is compared with that of converting a model of 50 kB.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRandom } from '../../src/domain/random'
import { encodeHeader, type TensorShape } from '../../workers/formats/safetensors-writer'
import { parseT5Config, type T5Config } from '../../workers/formats/t5-config'
import {
  OUTPUT_HEAD,
  T5_POSITION_BIASES,
  t5Norms,
  t5Projections,
  VOCABULARY_TABLE,
} from '../../workers/formats/t5-tensors'
import { convertModel } from '../convert/convert-model'
import { FLAN_T5_SMALL } from './random-tensors'

/** google/flan-t5-base, config.json: 248M parameters, 990 MB in fp32. */
const FLAN_T5_BASE = {
  ...FLAN_T5_SMALL,
  d_model: 768,
  d_ff: 2048,
  num_layers: 12,
  num_decoder_layers: 12,
  num_heads: 12,
}

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
    const sizeBytes = await writeCheckpoint(large)
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

/** Writes the same million random values over and over: what they are does not matter to the memory. */
async function writeCheckpoint(folder: string): Promise<number> {
  await mkdir(folder)
  await cp(join(fixtures, 'nano-fp32/tokenizer.json'), join(folder, 'tokenizer.json'))
  const json = JSON.stringify(FLAN_T5_BASE)
  await writeFile(join(folder, 'config.json'), json)
  const { head, dataBytes } = encodeHeader(
    shapes(parseT5Config(new TextEncoder().encode(json), 'config.json')),
    {},
  )
  const random = createRandom(13)
  const block = new Uint8Array(Float32Array.from({ length: 2 ** 20 }, () => random() - 0.5).buffer)
  const file = await open(join(folder, 'model.safetensors'), 'w')
  await file.writeFile(head)
  for (let left = dataBytes; left > 0; left -= block.byteLength)
    await file.writeFile(block.subarray(0, Math.min(left, block.byteLength)))
  await file.close()
  return head.byteLength + dataBytes
}

function shapes(config: T5Config): readonly TensorShape[] {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const floats = (name: string, shape: readonly number[]): TensorShape => ({ name, dtype: 'F32', shape })
  return [
    floats(VOCABULARY_TABLE, [vocabSize, dModel]),
    floats(OUTPUT_HEAD, [vocabSize, dModel]),
    ...t5Projections(config).map(({ module, inFeatures, outFeatures }) =>
      floats(`${module}.weight`, [outFeatures, inFeatures]),
    ),
    ...t5Norms(config).map((name) => floats(name, [dModel])),
    ...T5_POSITION_BIASES.map((name) => floats(name, [numBuckets, numHeads])),
  ]
}

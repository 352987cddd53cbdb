import type { UseStore } from '../kept/database'
import { readChunks } from '../kept/kept-files'
import type { StoredModelId, Verification } from '../../src/store/contract'
import type { Meter } from './meter'
import { createRunningHash } from './running-hash'
import type { StoredModels } from './stored-models'

/** Reads a model's bytes again and lets go of those that are damaged. @throws StoreFailure, or the signal's reason */
export async function verify(
  database: UseStore,
  stored: StoredModels,
  model: StoredModelId,
  meterOf: (totalBytes: number) => Meter,
  signal: AbortSignal,
): Promise<Verification> {
  const { files } = await stored.get(model)
  const present = files.flatMap(({ path, sizeBytes, sha256 }) =>
    sha256 === undefined ? [] : [{ path, sizeBytes, sha256 }],
  )
  const meter = meterOf(present.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  let checkedBytes = 0
  const damaged: typeof present = []
  for (const file of present) {
    const isSound = await check(database, file.sha256, file.sizeBytes, signal, (count) => {
      checkedBytes += count
      meter.add(count)
    })
    if (!isSound) damaged.push(file)
  }
  if (damaged.length > 0) await stored.letGoOfDamaged(damaged.map(({ sha256 }) => sha256))
  await meter.end()
  return { checkedBytes, damaged: damaged.map(({ path }) => path) }
}

async function check(
  database: UseStore,
  sha256: string,
  sizeBytes: number,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<boolean> {
  const found = await readChunks(database, sha256)
  if (!found) return false
  const hash = await createRunningHash('sha256', sizeBytes)
  let bytes = 0
  try {
    for (const chunk of found.chunks) {
      signal.throwIfAborted()
      hash.update(new Uint8Array(await chunk.arrayBuffer()))
      bytes += chunk.size
      onBytes(chunk.size)
    }
  } catch (error) {
    // The bytes behind a chunk are gone from the disk.
    if (!(error instanceof DOMException) || signal.aborted) throw error
    return false
  }
  return bytes === sizeBytes && hash.digest() === sha256
}

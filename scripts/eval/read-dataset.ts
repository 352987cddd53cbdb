import { readFile } from 'node:fs/promises'
import { parseDataset, type Dataset, type LabelNames } from '../../src/domain/datasets'
import type { LabelSet } from '../../src/domain/label'
import { BadInput } from './bad-input'

/** UTF-8 where the bytes are UTF-8, else latin-1, as the Financial PhraseBank is published. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}

/** Reads a labelled file. Throws BadInput that names the file and, where it can, line and column. */
export async function readDataset(file: string, labels: LabelSet, labelNames?: LabelNames): Promise<Dataset> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new BadInput(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  })
  const dataset = parseDataset(file, decode(bytes), labels, labelNames)
  if (!dataset.ok) throw new BadInput(dataset.error.message)
  return dataset.value
}

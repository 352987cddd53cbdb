import type { NumberFormat } from '../../src/engine/contract'
import { JsonFields } from './json-fields'
import { findOnnxFiles, isDataOf, isOnnxKind } from './onnx-layout'

/** A pack has about ten files; a sharded original some dozens. */
const MAX_FILES = 1_024
const MAX_ADAPTERS = 256
/** Beyond this a file does not fit a browser's memory anyway. */
const MAX_FILE_BYTES = 2 ** 40
const MAX_PARAMETERS = 2 ** 40

export interface ManifestFile {
  /** Relative to the pack's folder, with `/`, e.g. `adapter-finance/adapter_config.json`. */
  readonly path: string
  readonly sizeBytes: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** What a model is made of, and so how it is read. */
export type ModelKind =
  /** T5 in safetensors, as published or as our packs. */
  | 't5'
  /** T5 in transformers.js' ONNX layout. */
  | 't5-onnx'
  /** An encoder with a classification head, in transformers.js' ONNX layout. */
  | 'encoder'
  /** LoRA in PEFT's layout, which is added to its base model. */
  | 'adapter'

const KINDS: readonly ModelKind[] = ['t5', 't5-onnx', 'encoder', 'adapter']

/** What a pack folder holds, so that a loader knows sizes before it starts and can verify what it got. */
export interface ModelManifest {
  readonly name: string
  readonly displayName?: string
  readonly kind: ModelKind
  readonly parameters: number
  /** Folders of the adapters, e.g. `adapter-finance`. */
  readonly adapters: readonly string[]
  readonly files: readonly ManifestFile[]
}

/** Reads a pack's `model.json`. Throws ModelFormatError naming the field. */
export function parseModelManifest(bytes: Uint8Array, file: string): ModelManifest {
  const fields = JsonFields.parse(bytes, file)
  const files = fields.fieldsList('files', MAX_FILES).map((entry) => ({
    path: readPath(entry),
    sizeBytes: entry.integer('sizeBytes', { min: 0, max: MAX_FILE_BYTES }),
    sha256: readHash(entry),
  }))
  if (new Set(files.map(({ path }) => path)).size !== files.length)
    throw fields.error('files', 'each path once', 'a path twice')
  const adapters = fields.texts('adapters', MAX_ADAPTERS)
  for (const adapter of adapters)
    if (!isRelativePath(adapter) || adapter.includes('/'))
      throw fields.error('adapters', 'folder names of letters, digits, "-", "_" and "."')
  return {
    name: fields.text('name'),
    ...(fields.has('displayName') && { displayName: fields.text('displayName') }),
    kind: readKind(fields),
    parameters: fields.integer('parameters', { min: 1, max: MAX_PARAMETERS }),
    adapters,
    files,
  }
}

function readKind(fields: JsonFields): ModelKind {
  const kind = fields.text('kind', 't5')
  const known = KINDS.find((each) => each === kind)
  if (!known) throw fields.error('kind', KINDS.join(', '))
  return known
}

function readPath(entry: JsonFields): string {
  const path = entry.text('path')
  if (!isRelativePath(path)) throw entry.error('path', 'a relative path of letters, digits, "-", "_" and "."')
  return path
}

function readHash(entry: JsonFields): string {
  const hash = entry.text('sha256')
  if (!/^[0-9a-f]{64}$/.test(hash)) throw entry.error('sha256', '64 hexadecimal digits')
  return hash
}

/** The path becomes part of an address: nothing in it may lead out of the pack's folder. */
function isRelativePath(path: string): boolean {
  return path.split('/').every((part) => /^[\w-][\w.-]*$/.test(part))
}

/** Texts that a backend is checked on. */
export const PROBES_FILE = 'probes.json'

/** The files that an engine reads; a model card is for people, and probes only where a backend is to be checked. */
export function filesToLoad(
  { kind, files }: Pick<ModelManifest, 'kind' | 'files'>,
  { withProbes = false, numberFormat }: FilesWanted = {},
): readonly ManifestFile[] {
  const texts = files.filter(({ path }) => path.endsWith('.json') && (withProbes || path !== PROBES_FILE))
  if (!isOnnxKind(kind)) return [...texts, ...files.filter(({ path }) => path.endsWith('.safetensors'))]
  const paths = files.map(({ path }) => path)
  const { graphs } = findOnnxFiles(kind, paths, numberFormat)
  const isPart = (path: string) => graphs.some((graph) => path === graph || isDataOf(graph, path))
  return [...texts, ...files.filter(({ path }) => isPart(path))]
}

export interface FilesWanted {
  readonly withProbes?: boolean
  /** Where a folder has its graphs in several. */
  readonly numberFormat?: NumberFormat | undefined
}

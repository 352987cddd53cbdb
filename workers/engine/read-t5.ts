import { adapterName, parseAdapter } from '../formats/adapter'
import { asFp32 } from '../formats/as-fp32'
import { DEFAULT_PROBES, FLAN_TASK } from '../formats/default-task'
import { ModelFormatError } from '../formats/format-error'
import { readFormatLoss } from '../formats/format-loss'
import { parseWeights } from '../formats/join-shards'
import { PROBES_FILE } from '../formats/model-manifest'
import { parseProbesFile } from '../formats/probes-file'
import { readModelWeights } from '../formats/read-model-weights'
import { parseStrictJson } from '../formats/strict-json'
import { parseT5Config } from '../formats/t5-config'
import { parseTaskFile } from '../formats/task-file'
import { parseTokenizerFile } from '../formats/tokenizer-file'
import { dequantised } from '../t5/kernels'
import { T5Model, type Compile } from '../t5/t5-model'
import { TextTokenizer } from '../t5/tokenizer'
import type { Task } from '../../src/domain/task'
import type { FormatLoss } from '../../src/domain/format-loss'
import type { LoadRequest, NumberFormat } from '../../src/engine/contract'
import type { ReadModel } from './loaded-model'
import type { ModelFiles } from './read-model-files'
import { kernelsFor, POSSIBLE_FORMATS, suitableFormat } from './number-format'
import { readLabelWords } from './scoring'
import type { Target } from './target'

/** One file, or the shards of a large model; a word before the suffix tells the format of a pack. */
const WEIGHTS = /^model(-\d+-of-\d+)?(\.\w+)?\.safetensors$/

const ADAPTER_WEIGHTS = 'adapter_model.safetensors'

/** Reads T5 from safetensors: our packs, or as published. */
export function readT5(
  files: ModelFiles,
  request: LoadRequest,
  target: Target,
  compileForWasm: Compile,
): ReadModel {
  const config = parseT5Config(files.bytes('config.json'), 'config.json')
  const weightsFiles = files.paths.filter((path) => WEIGHTS.test(path)).sort()
  const [name = 'model.safetensors'] = weightsFiles
  const file = parseWeights(weightsFiles.map((path) => ({ name: path, bytes: files.bytes(path) })))
  const stored = readModelWeights(config, file, name)
  const numberFormat = request.numberFormat ?? suitableFormat(stored.storedFormat, target)
  const kernels = kernelsFor(numberFormat, stored.storedFormat, target, name)
  const adapters = files.adapters.map((folder) =>
    parseAdapter(config, {
      folder,
      config: files.bytes(`${folder}/adapter_config.json`),
      weights: files.bytes(`${folder}/${ADAPTER_WEIGHTS}`),
    }),
  )
  const tokenizer = readT5Tokenizer(files, config.vocabSize)
  const weights = numberFormat === 'fp32' ? asFp32(stored) : stored
  const scorer = new T5Model(config, weights, adapters, target.compile, { kernels })
  return {
    scorer,
    states: scorer,
    tokenizer,
    readLabels: (task) => readLabelWords(tokenizer, config, task),
    summary: {
      parameters: stored.parameters,
      numberFormat,
      numberFormats: POSSIBLE_FORMATS[stored.storedFormat],
      ...lossOf(file.metadata, numberFormat, name),
      weightsBytes: stored.bytes,
      weightsSha256: {
        base: hashOf(files, weightsFiles),
        ...Object.fromEntries(
          files.adapters.map((folder) => [adapterName(folder), files.sha256(`${folder}/${ADAPTER_WEIGHTS}`)]),
        ),
      },
      task: readTask(files),
      modes: ['zero-shot', 'k-shot', 'fine-tuned'],
      areLabelsFixed: false,
      backends: ['wasm', 'webgpu'],
    },
    adapters,
    t5: { config, weights, model: scorer, texts: readTexts(files) },
    ...(target.backend === 'webgpu' && {
      reference: {
        texts: files.has(PROBES_FILE)
          ? parseProbesFile(files.bytes(PROBES_FILE), PROBES_FILE)
          : DEFAULT_PROBES,
        make: (adapter) =>
          new T5Model(config, weights, adapter ? [adapter] : [], compileForWasm, { kernels: dequantised }),
      },
    }),
  }
}

/** What the pack says of a format's loss, if anything. */
function lossOf(
  metadata: ReadonlyMap<string, string>,
  numberFormat: NumberFormat,
  name: string,
): { readonly loss?: FormatLoss } {
  const measured = readFormatLoss(metadata, name)
  const losses = measured?.losses.filter((loss) => loss.numberFormat === numberFormat) ?? []
  if (!measured || losses.length === 0) return {}
  const byWeights = Object.fromEntries(
    losses.map(({ weights, equalLabels, meanDifference, p99Difference }) => [
      weights,
      { equalLabels, meanDifference, p99Difference },
    ]),
  )
  return { loss: { texts: measured.texts, data: measured.data, byWeights } }
}

const readTexts = (files: ModelFiles) =>
  ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'task.json']
    .filter((path) => files.has(path))
    .map((path) => ({ path, bytes: files.bytes(path) }))

/** Of the files that are read together; several are joined by a plus. */
export const hashOf = (files: ModelFiles, paths: readonly string[]): string =>
  paths.map((path) => files.sha256(path)).join('+')

/** How the model was trained to be asked, or, where it does not tell, as Flan-T5 was. */
export const readTask = (files: ModelFiles): Task =>
  files.has('task.json') ? parseTaskFile(files.bytes('task.json'), 'task.json').task : FLAN_TASK

export const readT5Tokenizer = (files: ModelFiles, vocabSize: number): TextTokenizer =>
  makeTokenizer(files, parseTokenizerFile(files.bytes('tokenizer.json'), 'tokenizer.json', vocabSize))

/** @param json a checked `tokenizer.json` */
export function makeTokenizer(files: ModelFiles, json: object): TextTokenizer {
  const settings = 'tokenizer_config.json'
  if (!files.has(settings)) return new TextTokenizer(json, {})
  const config = parseStrictJson(files.bytes(settings), settings, 'content')
  if (typeof config === 'object' && config !== null) return new TextTokenizer(json, config)
  throw new ModelFormatError(settings, 'content', 'a JSON object', typeof config)
}

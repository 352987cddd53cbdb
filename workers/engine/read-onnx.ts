import { parseEncoderConfig, type EncoderConfig } from '../formats/encoder-config'
import { SENTIMENT_LABELS } from '../formats/default-task'
import { findOnnxFiles, isDataOf, type OnnxKind } from '../formats/onnx-layout'
import { parseT5Config } from '../formats/t5-config'
import { countParameters } from '../formats/t5-tensors'
import { inDisplayOrder } from '../formats/task-file'
import { parseEncoderTokenizerFile } from '../formats/tokenizer-file'
import type { BuiltGraph } from '../graph/graph-builder'
import { EncoderClassifier } from '../onnx/encoder-classifier'
import { OnnxT5 } from '../onnx/onnx-t5'
import type { Task } from '../../src/domain/task'
import type { LoadRequest } from '../../src/engine/contract'
import { withoutSharedScale } from './batches'
import { EngineFailure } from './engine-failure'
import type { ReadModel } from './loaded-model'
import type { ModelFiles } from './read-model-files'
import { hashOf, makeTokenizer, readT5Tokenizer, readTask } from './read-t5'
import { readClasses, readLabelWords } from './scoring'
import type { Target } from './target'

/**
 * Reads a model in transformers.js' ONNX layout.
 * @throws EngineFailure `backend-unsuited` on WebGPU: published graphs hold operators that only the processor has
 */
export async function readOnnx(
  kind: OnnxKind,
  files: ModelFiles,
  request: LoadRequest,
  target: Target,
): Promise<ReadModel> {
  if (target.backend !== 'wasm')
    throw new EngineFailure(
      'backend-unsuited',
      `${request.model} is a published ONNX folder, which runs on WASM only.`,
    )
  const { graphs, numberFormat } = findOnnxFiles(kind, files.paths, request.numberFormat)
  const built = graphs.map((graph) => builtGraph(files, graph))
  const weightsBytes = built
    .flatMap(({ model, weights }) => [model, ...weights.map(({ data }) => data)])
    .reduce((sum, bytes) => sum + bytes.byteLength, 0)
  const [first, second] = built
  if (!first) throw new Error('A folder was found complete without a graph')
  const sizes: Sizes = {
    numberFormat,
    numberFormats: [numberFormat],
    weightsBytes,
    weightsSha256: { base: hashOf(files, graphs) },
    backends: ['wasm'],
  }
  const read = second
    ? await readOnnxT5(files, { encoder: first, decoder: second }, sizes, target)
    : await readEncoder(files, first, sizes, target)
  return numberFormat === 'int8' ? { ...read, batching: withoutSharedScale } : read
}

type Sizes = Pick<
  ReadModel['summary'],
  'numberFormat' | 'numberFormats' | 'weightsBytes' | 'weightsSha256' | 'backends'
>

async function readOnnxT5(
  files: ModelFiles,
  graphs: Parameters<typeof OnnxT5.load>[1],
  sizes: Sizes,
  { compile }: Target,
): Promise<ReadModel> {
  const config = parseT5Config(files.bytes('config.json'), 'config.json')
  const tokenizer = readT5Tokenizer(files, config.vocabSize)
  const scorer = await OnnxT5.load(config, graphs, compile)
  return {
    scorer,
    states: scorer,
    tokenizer,
    readLabels: (task) => readLabelWords(tokenizer, config, task),
    summary: {
      ...sizes,
      parameters: countParameters(config, !config.isTied),
      task: readTask(files),
      modes: ['zero-shot', 'k-shot'],
      areLabelsFixed: false,
    },
    adapters: [],
  }
}

async function readEncoder(
  files: ModelFiles,
  graph: BuiltGraph,
  sizes: Sizes,
  { compile }: Target,
): Promise<ReadModel> {
  const config = parseEncoderConfig(files.bytes('config.json'), 'config.json')
  const json = parseEncoderTokenizerFile(files.bytes('tokenizer.json'), 'tokenizer.json')
  const tokenizer = makeTokenizer(files, json)
  const ids = config.classes.map(labelId)
  return {
    scorer: await EncoderClassifier.load(config, graph, compile, tokenizer.separatorId),
    tokenizer,
    readLabels: (task) => readClasses(tokenizer, ids, task),
    summary: {
      ...sizes,
      parameters: files.parameters > 1 ? files.parameters : (config.parameters ?? files.parameters),
      task: encoderTask(config),
      modes: ['as-trained'],
      areLabelsFixed: true,
    },
    adapters: [],
  }
}

/** A class that is one of sentiment's three under any of their names gets the id that datasets are compared by. */
const labelId = (name: string): string => sentimentOf(name)?.id ?? name

const sentimentOf = (name: string) =>
  SENTIMENT_LABELS.find(({ id, aliases }) => [id, ...aliases].includes(name.toLowerCase()))

function encoderTask({ classes, maxInputTokens }: EncoderConfig): Task {
  const labels = classes.map((words) => ({
    id: labelId(words),
    words,
    aliases: sentimentOf(words)?.aliases ?? [],
  }))
  return {
    template: '{text}',
    optionsSeparator: ', ',
    labels: inDisplayOrder(labels),
    kShot: { demonstration: '{text} {label}', separator: ' ', query: '{text}' },
    maxInputTokens,
  }
}

/** A published graph and what it keeps outside of its file. */
function builtGraph(files: ModelFiles, path: string): BuiltGraph {
  const data = files.paths.filter((each) => each !== path && isDataOf(path, each))
  return {
    model: files.bytes(path),
    weights: data.map((each) => ({ path: each.replace(/^.*\//, ''), data: files.bytes(each) })),
  }
}

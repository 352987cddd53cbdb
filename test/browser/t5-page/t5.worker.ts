/** Runs T5 models on a backend for the tests, without the engine around them. */
import { parseAdapter, type Adapter } from '../../../workers/formats/adapter'
import { readModelWeights } from '../../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../../workers/formats/safetensors'
import { parseT5Config } from '../../../workers/formats/t5-config'
import { gpuBuild, runtimePaths } from '../../../workers/runtime/builds'
import { configureRuntime } from '../../../workers/runtime/configure'
import { compileForWasm } from '../../../workers/runtime/session'
import { compileForWebGpu } from '../../../workers/runtime/webgpu'
import { dequantised, onWebGpu, weightOnly } from '../../../workers/t5/kernels'
import { planScoring } from '../../../workers/t5/scoring-plan'
import { T5Model } from '../../../workers/t5/t5-model'
import type { LabelsOfTexts, ModelRequest, T5Worker } from './contract'

const site = new URL('../', self.location.href)
configureRuntime({ threads: 1, paths: runtimePaths(site, gpuBuild()) })

let opened: { readonly model: T5Model; readonly adapter: Adapter | undefined } | undefined

function current(isAdapted: boolean) {
  if (!opened) throw new Error('No model is open')
  if (isAdapted && !opened.adapter) throw new Error('The model was opened without an adapter')
  return { model: opened.model, adapter: isAdapted ? opened.adapter : undefined }
}

async function open({ folder, weights, adapter, road, backend, format }: ModelRequest): Promise<void> {
  const read = async (path: string) => {
    const response = await fetch(new URL(folder + path, site))
    if (!response.ok) throw new Error(`${folder}${path}: ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  }
  const config = parseT5Config(await read('config.json'), 'config.json')
  const stored = readModelWeights(config, parseSafetensors(await read(weights), weights), weights)
  const lora =
    adapter === undefined
      ? undefined
      : parseAdapter(config, {
          folder: adapter,
          config: await read(`${adapter}/adapter_config.json`),
          weights: await read(`${adapter}/adapter_model.safetensors`),
        })
  const kernels = format === 'fp32' ? dequantised : weightOnly
  const compile =
    backend === 'wasm'
      ? compileForWasm
      : (graph: Parameters<typeof compileForWasm>[0]) => compileForWebGpu(graph, () => undefined)
  const options = { road, kernels: backend === 'wasm' ? kernels : onWebGpu(kernels) }
  opened = { model: new T5Model(config, stored, lora ? [lora] : [], compile, options), adapter: lora }
}

const planOf = ({ config }: T5Model, { prefix, labels }: LabelsOfTexts) =>
  planScoring(prefix, labels, config.padTokenId)

globalThis.t5 = {
  open,
  async states({ batch, isAdapted }) {
    const { model, adapter } = current(isAdapted)
    return [...(await model.encode(batch, adapter)).states]
  },
  async classify(texts) {
    const { model, adapter } = current(texts.isAdapted)
    return model.classify(texts.batch, planOf(model, texts), adapter)
  },
  async logProbabilities(texts) {
    const { model, adapter } = current(texts.isAdapted)
    return model.scoreLabels(await model.encode(texts.batch, adapter), planOf(model, texts), adapter, true)
  },
  async close() {
    await opened?.model.dispose()
    opened = undefined
  },
} satisfies T5Worker

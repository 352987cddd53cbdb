import { writeAdapter } from '../formats/adapter-writer'
import { asFp32 } from '../formats/as-fp32'
import { completeConfig } from '../formats/complete-config'
import { mergedWeights } from '../formats/merged-weights'
import { publishedWeights } from '../formats/published-weights'
import { exportDecoder, exportEncoder } from '../t5/onnx-export'
import type { ExportPiece, ExportRequest } from '../../src/engine/adapters'
import { adaptable } from './adapters'
import { EngineFailure } from './engine-failure'
import { isSmallEnoughForOnnx } from './export-bytes'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'
import { adapterOf } from './scoring'

const CONFIG = 'config.json'

type OnPiece = (piece: ExportPiece) => void | Promise<void>

/** Writes a model or an adapter piece by piece. @throws EngineFailure `invalid-request` for what cannot be written so */
export async function exportModel(
  model: LoadedModel,
  { adapter: name, layout }: ExportRequest,
  onPiece: OnPiece,
  { checkpoint }: JobContext,
): Promise<void> {
  const { config, weights, texts } = adaptable(model)
  const adapter = name === undefined ? undefined : adapterOf(model, { kind: 'fine-tuned', adapter: name })
  const write = async (path: string, pieces: Iterable<Uint8Array>) => {
    for (const bytes of pieces) {
      await checkpoint()
      // A view would take all that it is a view of across the thread with it.
      const isWhole = bytes.byteLength === bytes.buffer.byteLength
      await onPiece({ path, bytes: isWhole ? bytes : bytes.slice() })
    }
  }
  if (layout === 'adapter') {
    if (!adapter) throw new EngineFailure('invalid-request', 'Name the adapter that is to be written.')
    const written = writeAdapter(config, adapter, adapter.baseModel ?? model.summary.model)
    await write('adapter_config.json', [written.config])
    return write('adapter_model.safetensors', [written.weights])
  }
  // Merged into floats, not into codes: what is written is to be as good as what was read.
  const floats = asFp32(weights)
  const kept = adapter ? mergedWeights(floats, adapter) : floats
  for (const { path, bytes } of texts)
    await write(path, [path === CONFIG && layout === 'onnx' ? completeConfig(bytes, config) : bytes])
  if (layout === 'safetensors') return write('model.safetensors', publishedWeights(config, kept))
  if (!isSmallEnoughForOnnx(weights.parameters))
    throw new EngineFailure(
      'invalid-request',
      `${model.summary.model} is too large for ONNX files of fp32, which end at 2 GB. Write it as safetensors.`,
    )
  await write('onnx/encoder_model.onnx', exportEncoder(config, kept))
  await write('onnx/decoder_model_merged.onnx', exportDecoder(config, kept))
}

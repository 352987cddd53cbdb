import { readFileSync } from 'node:fs'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config } from '../../workers/formats/t5-config'

export const TINY_VARIANTS = ['relu-tied', 'relu-untied', 'gated-tied', 'gated-untied'] as const
export type TinyVariant = (typeof TINY_VARIANTS)[number] | 'gated-tied-f16' | 'gated-tied-bf16'

/** A file of test/fixtures/tiny, e.g. `gated-tied/config.json`. */
export function tinyFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/tiny/${path}`, import.meta.url)))
}

/** A random model of test/fixtures/make-tiny.py. */
export function tinyModel(variant: TinyVariant) {
  const config = parseT5Config(tinyFile(`${variant}/config.json`), 'config.json')
  const file = parseSafetensors(tinyFile(`${variant}/model.safetensors`), 'model.safetensors')
  return { config, file, weights: readModelWeights(config, file, 'model.safetensors') }
}

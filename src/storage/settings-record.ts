import * as v from 'valibot'

export const SETTINGS_KEY = 'settings'

export const SHOT_COUNTS = [1, 5, 10] as const

export const BACKEND_CHOICES = ['auto', 'wasm', 'webgpu'] as const

/** What the reader chose; `model` is null until a model was picked by hand. */
export const settingsSchema = v.object({
  version: v.literal(1),
  model: v.nullable(v.string()),
  mode: v.picklist(['zero-shot', 'k-shot', 'fine-tuned']),
  /** The name of the adapter for fine-tuned; null for the model's first. */
  adapter: v.optional(v.nullable(v.string()), null),
  k: v.picklist(SHOT_COUNTS),
  policy: v.picklist(['random', 'balanced', 'similar']),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1)),
  /** Winners below this probability are 'not sure'. */
  threshold: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** Where models run: `auto` measures once which is faster. */
  backend: v.optional(v.picklist(BACKEND_CHOICES), 'auto'),
  theme: v.picklist(['system', 'light', 'dark']),
  csvForm: v.picklist(['spreadsheet-safe', 'exact']),
})

export type SettingsRecord = v.InferOutput<typeof settingsSchema>

export const DEFAULT_SETTINGS: SettingsRecord = {
  version: 1,
  model: null,
  mode: 'fine-tuned',
  adapter: null,
  k: 5,
  policy: 'balanced',
  seed: 1,
  threshold: 0.6,
  backend: 'auto',
  theme: 'system',
  csvForm: 'spreadsheet-safe',
}

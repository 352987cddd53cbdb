import * as v from 'valibot'

export const MODELS_KEY = 'models'

/** The stored models that can be picked, so that a visit knows them without asking the store. */
export const modelsSchema = v.object({
  version: v.literal(1),
  models: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      parameters: v.number(),
      downloadBytes: v.number(),
      numberFormat: v.string(),
      kind: v.picklist(['t5', 't5-onnx', 'encoder']),
    }),
  ),
})
export type ModelsRecord = v.InferOutput<typeof modelsSchema>
export type UsableModel = ModelsRecord['models'][number]

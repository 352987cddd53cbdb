import * as v from 'valibot'
import { LABEL_COMMANDS, type KeyMap } from '../domain/labelling/key-map'

export const LABEL_KEYS_KEY = 'label keys'

/** The keys of the Label view, the same in all projects. */
export const labelKeysSchema = v.object({
  version: v.literal(1),
  keys: v.record(v.picklist(LABEL_COMMANDS), v.exactOptional(v.string())),
}) satisfies v.GenericSchema<unknown, { readonly version: 1; readonly keys: KeyMap }>

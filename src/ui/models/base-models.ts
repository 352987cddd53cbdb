import type { Smallcap } from '../../state/smallcap.svelte'

/** A model that adapters can be put on. */
export interface BaseModel {
  readonly id: string
  readonly name: string
}

/** T5 from safetensors: those that come with the page, then the stored ones. */
export const basesOf = ({ embedded, models }: Smallcap): readonly BaseModel[] => [
  ...embedded,
  ...models.usable.filter(({ kind }) => kind === 't5'),
]

/** Whether a hub can be asked for a base model by the name that an adapter has for it: `owner/name`, and no path. */
export const isRepository = (name: string): boolean => /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(name)

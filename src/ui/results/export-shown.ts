/** Hands the rows as they are shown (filtered, sorted) to a file. */
import { modeName } from '../../state/mode'
import type { Smallcap } from '../../state/smallcap.svelte'
import { saveBlob } from '../save-blob'

/** Saves the shown rows as a file named after model and mode; does nothing while there are no results. */
export async function saveShown(smallcap: Smallcap, kind: 'csv' | 'jsonl'): Promise<void> {
  const setup = smallcap.run.shown?.setup
  const file = await smallcap.exports.make(kind)
  if (!file || !setup) return
  // A stored model's name has slashes and colons.
  const name = `${setup.model}-${modeName(setup.mode)}`.replace(/[^\w.-]+/g, '-')
  saveBlob(file, `${name}.${kind}`)
}

/** The models that come with the page. */
import * as v from 'valibot'
import { failure, success, type Outcome } from '../domain/outcome'

export interface CatalogueModel {
  /** Folder name under `models/`. */
  readonly id: string
  /** Short name, e.g. `nano`. */
  readonly name: string
  readonly parameters: number
  /** Bytes of all files that a load reads, before compression. */
  readonly downloadBytes: number
}

const catalogueSchema = v.object({
  models: v.pipe(
    v.array(
      v.object({ id: v.string(), name: v.string(), parameters: v.number(), downloadBytes: v.number() }),
    ),
    v.minLength(1),
  ),
})

/** Reads `models/catalogue.json` beside the page, smallest model first; the error is a sentence. */
export async function fetchCatalogue(
  fetchFile: typeof fetch,
  baseUrl: string,
): Promise<Outcome<readonly CatalogueModel[], string>> {
  const advice = 'Reload the page; if that does not help, it was put up without its models.'
  try {
    const response = await fetchFile(`${baseUrl}models/catalogue.json`)
    if (!response.ok) return failure(`The list of models answered ${response.status}. ${advice}`)
    const parsed = v.safeParse(catalogueSchema, await response.json())
    if (!parsed.success) return failure(`The list of models is not in the expected form. ${advice}`)
    return success([...parsed.output.models].sort((a, b) => a.parameters - b.parameters))
  } catch {
    return failure(`The list of models could not be read. ${advice}`)
  }
}

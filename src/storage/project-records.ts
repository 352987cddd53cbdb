/** What a project's records are like, for copies of them that come from elsewhere. */
import type * as v from 'valibot'
import { articleSchema } from './article-record'
import { comparisonSchema } from './compare-record'
import { fileHeadSchema, filePageSchema } from './file-record'
import { eventSchema, itemsPageSchema, labelSetupSchema } from './label-record'
import { outsideSchema } from './outside-record'
import { openedReportSchema } from './report-record'
import { linesSchema, resultsHeadSchema, scoresSchema } from './results-record'
import { textSchema } from './text-record'

/** All records that a project may have, by their keys without its prefix. A new kind of record is added here, or it is in no copy. */
const RECORDS: readonly { readonly key: RegExp; readonly schema: v.GenericSchema }[] = [
  { key: /^text$/, schema: textSchema },
  { key: /^file$/, schema: fileHeadSchema },
  { key: /^file\/\d+$/, schema: filePageSchema },
  { key: /^results$/, schema: resultsHeadSchema },
  { key: /^results\/lines\/\d+$/, schema: linesSchema },
  { key: /^results\/scores\/\d+$/, schema: scoresSchema },
  { key: /^compare$/, schema: comparisonSchema },
  { key: /^compare\/article$/, schema: articleSchema },
  { key: /^compare\/outside\/[^/]+$/, schema: outsideSchema },
  { key: /^compare\/report$/, schema: openedReportSchema },
  { key: /^label\/setup$/, schema: labelSetupSchema },
  { key: /^label\/items\/[^/]+\/\d+$/, schema: itemsPageSchema },
  { key: /^label\/event\/[^/]+$/, schema: eventSchema },
]

/** A run that answered a project's items, or that of a set-up, lies below this, with the keys of any run. */
const OTHER_RUN = /^(?:label\/run\/\d+|compare\/run\/[^/]+)\/(?=results)/

/** The schema of a project's record; undefined for a key that no project has. */
export function schemaOf(key: string): v.GenericSchema | undefined {
  const plain = key.replace(OTHER_RUN, '')
  return RECORDS.find((record) => record.key.test(plain))?.schema
}

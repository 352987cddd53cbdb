/** A saved comparison is read as what anybody may have written. */
import * as v from 'valibot'
import { failure, success, type Outcome } from '../../domain/outcome'
import {
  REPORT_VERSION,
  reportHeadSchema,
  reportSchema,
  type ReportRecord,
} from '../../storage/report-record'

/** Set-ups of a hundred labels come to a tenth of it. */
export const REPORT_BYTES_AT_MOST = 5_000_000
/** So much of what stands in the file is told. */
const TOLD_CHARACTERS = 120

/** The report in the text of a file, or a sentence on what is wrong with it and where; it begins in lower case. */
export function readReport(text: string): Outcome<ReportRecord, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return failure('it is not JSON, or its end is missing; save the figures as JSON once more.')
  }
  const head = v.safeParse(reportHeadSchema, value)
  if (!head.success)
    return failure(
      'it is no comparison of Smallcap (its “format” is another); open a file that “Save figures as JSON” made.',
    )
  const { version } = head.output
  if (version > REPORT_VERSION)
    return failure('it was saved by a newer version of this page; reload the page to get that version.')
  if (version < REPORT_VERSION)
    return failure(
      'it was saved by an older version of this page, without what is needed to run its set-ups again; save it once more.',
    )
  const parsed = v.safeParse(reportSchema, value)
  if (!parsed.success) return failure(troubleOf(parsed.issues[0]))
  if (parsed.output.sides.every(({ setup }) => setup === null))
    return failure('it holds no set-up, so there is nothing to run again.')
  return success(parsed.output)
}

function troubleOf(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? 'the whole'
  return `“${told(place)}” is not as this page writes it (${told(issue.message)}); save the figures as JSON once more.`
}

const told = (text: string): string =>
  text.length > TOLD_CHARACTERS ? `${text.slice(0, TOLD_CHARACTERS)} …` : text

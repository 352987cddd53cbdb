/** The article's table as files. */
import { csvLine, type CsvForm } from '../export-csv'
import {
  ARTICLE_COLUMNS,
  articleModels,
  cellsOf,
  type ArticleCell,
  type ArticleGroup,
  type ArticleSet,
} from './article'
import { publishedFigures } from './published'

/** What training a model took, in words; undefined where that is not known. */
export type TrainingWords = (model: string) => string | undefined

/** How the files put what they tell of. */
export interface ArticleWords {
  readonly training: TrainingWords
  /** A day, e.g. `2026-10-01`, of milliseconds since 1970. */
  readonly day: (at: number) => string
}

const HEAD = [
  ...['data set', 'split', 'texts', 'system', 'measured', 'mode', 'asked', 'n', 'accuracy', 'accuracy low'],
  ...['accuracy high', 'macro-F1', 'macro-F1 low', 'macro-F1 high', 'numbers', 'backend', 'weights SHA-256'],
  ...['date', 'training', 'source'],
] as const

/** A row for each figure, published ones marked as such. Shares run from 0 to 1. */
export function articleCsv(
  sets: readonly ArticleSet[],
  { training, day }: ArticleWords,
  form: CsvForm,
): string {
  const lines = [csvLine([...HEAD], form)]
  for (const set of sets) {
    const { name, split = '', texts, dataset } = set
    const own = ARTICLE_COLUMNS.flatMap((column) =>
      articleModels([set], []).flatMap(({ id }) => cellsOf(set, id, column)),
    )
    for (const cell of own) {
      const { accuracyInterval: accuracy, macroF1Interval: macroF1 } = cell
      lines.push(
        csvLine(
          [
            ...[name, split, texts, cell.name, 'here', cell.column, cell.variant, cell.n, cell.accuracy],
            ...[accuracy.low, accuracy.high, cell.macroF1, macroF1?.low ?? '', macroF1?.high ?? ''],
            ...[cell.numberFormat, cell.backend, cell.weightsSha256, day(cell.at)],
            ...[training(cell.model) ?? '', ''],
          ],
          form,
        ),
      )
    }
    const published = dataset && publishedFigures(dataset)
    for (const { system, accuracy, macroF1, note } of published?.figures ?? [])
      lines.push(
        csvLine(
          [
            ...[name, published?.split ?? '', published?.n ?? '', system, 'published', '', note ?? ''],
            ...[published?.n ?? '', accuracy, '', '', macroF1 ?? '', '', '', '', '', '', '', ''],
            published?.source ?? '',
          ],
          form,
        ),
      )
  }
  return lines.join('')
}

/** A share as articles print it: `.829`. */
const share = (value: number): string => value.toFixed(3).replace(/^0/, '')
const escaped = (text: string): string => text.replace(/[|\\]/g, '\\$&').replace(/\s+/g, ' ')
const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`

function cellWords(cells: readonly ArticleCell[]): string {
  return cells
    .map(({ accuracy, macroF1, variant }) => {
      const figures = `${share(accuracy)} / ${share(macroF1)}`
      return variant === '' ? figures : `${figures} (${variant})`
    })
    .join('; ')
}

/** What stands above a group: name, split and number of texts. */
export const groupName = ({ name, split, texts }: Pick<ArticleGroup, 'name' | 'split' | 'texts'>): string =>
  [name, split, texts === undefined ? undefined : `${texts} texts`]
    .filter((part) => part !== undefined)
    .join(', ')

/** A table for each data set, and below it what others published of it, in italics. */
export function articleMarkdown(sets: readonly ArticleSet[], training: TrainingWords): string {
  const tables = sets.map((set) => {
    const head = ['accuracy / macro-F1', ...ARTICLE_COLUMNS, 'training']
    const own = articleModels([set], []).map(({ id, name }) =>
      row([
        name,
        ...ARTICLE_COLUMNS.map((column) => cellWords(cellsOf(set, id, column))),
        training(id) ?? 'not known',
      ]),
    )
    const published = set.dataset && publishedFigures(set.dataset)
    const theirs = published
      ? [
          '',
          `_Published, not measured here. Source: ${published.source}; split: ${published.split}; n = ${published.n}._`,
          '',
          row(['system', 'accuracy / macro-F1']),
          row(['---', '---']),
          ...published.figures.map(
            ({ system, accuracy, macroF1, note }) =>
              `| _${escaped(system)}${note === undefined ? '' : ` (${note})`}_ | _${share(accuracy)} / ${macroF1 === undefined ? 'not given' : share(macroF1)}_ |`,
          ),
        ]
      : []
    return [
      `### ${escaped(groupName(set))}`,
      '',
      row(head),
      row(head.map(() => '---')),
      ...own,
      ...theirs,
      '',
    ].join('\n')
  })
  return tables.join('\n')
}

import { isReached, type Aim, type Figure, type Unit } from './figure'

const digits = (value: number): string => {
  if (Math.abs(value) >= 100) return value.toFixed(0)
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

const withUnit = (text: string, unit: Unit): string => (unit === '×' ? `${text}×` : `${text} ${unit}`)

const aimWords = ({ bound, value }: Aim, unit: Unit): string =>
  `${{ 'at most': '≤', 'at least': '≥', below: '<' }[bound]} ${withUnit(String(value), unit)}`

function cells(figure: Figure): readonly string[] {
  const { subject, measure, value, unit, quartiles, aim } = figure
  const reached = isReached(figure)
  return [
    subject,
    measure,
    withUnit(digits(value), unit),
    quartiles ? `${digits(quartiles[0])}–${digits(quartiles[1])}` : '',
    aim ? aimWords(aim, unit) : '',
    reached === undefined ? '' : reached ? 'yes' : '**no**',
  ]
}

/** The figures as a Markdown table, which reads well in a terminal too. */
export function markdownTable(figures: readonly Figure[]): string {
  const head = ['what', 'measure', 'median', 'quartiles', 'aim', 'reached']
  const rows = [head, ...figures.map(cells)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [first = [], ...rest] = rows
  return [line(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest.map(line)].join(
    '\n',
  )
}

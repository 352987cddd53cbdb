import type { TextInput } from '../../state/text-input.svelte'
import { formatLines } from '../numbers'

/** How many lines there are, or that a large text is still being read. */
export const linesWords = ({ isReading, lines }: TextInput): string =>
  isReading ? 'reading …' : formatLines(lines.length)

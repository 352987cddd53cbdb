import type { LabelSet } from '../../domain/label'
import type { FilesClient } from '../../files/files-client'
import type { Turns } from '../turns'
import type { JournalSurroundings } from './label-journal.svelte'
import type { LearnerSurroundings } from './quick-learner.svelte'
import type { SuggestionSurroundings } from './suggestions.svelte'

export interface LabellingSurroundings extends JournalSurroundings {
  /** The same, once they are known. */
  readonly readLabels: () => Promise<LabelSet>
  readonly guidelines: () => string
  readonly files: FilesClient
  readonly turns: Turns
  readonly suggestions: Omit<SuggestionSurroundings, 'items'>
  readonly learner: LearnerSurroundings
}

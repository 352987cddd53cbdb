/**
 * Parts of the page that nobody needs before the first prediction. They are fetched right after it, all of them, so that
 * they are there without a network later on.
 */
import type CompareView from './compare/CompareView.svelte'
import type FilePanel from './file/FilePanel.svelte'
import type DeviceCheckDialog from './frame/DeviceCheckDialog.svelte'
import type LabelView from './label/LabelView.svelte'
import type ModelsView from './models/ModelsView.svelte'
import type ProjectMenu from './projects/ProjectMenu.svelte'
import type ProjectsDialog from './projects/ProjectsDialog.svelte'
import type TaskEditor from './projects/TaskEditor.svelte'
import type RowDetails from './details/RowDetails.svelte'

export const loadRowDetails = async (): Promise<typeof RowDetails> =>
  (await import('./details/RowDetails.svelte')).default

export const loadFilePanel = async (): Promise<typeof FilePanel> =>
  (await import('./file/FilePanel.svelte')).default

export const loadDeviceCheck = async (): Promise<typeof DeviceCheckDialog> =>
  (await import('./frame/DeviceCheckDialog.svelte')).default

export const loadModelsView = async (): Promise<typeof ModelsView> =>
  (await import('./models/ModelsView.svelte')).default

export const loadProjectMenu = async (): Promise<typeof ProjectMenu> =>
  (await import('./projects/ProjectMenu.svelte')).default

export const loadProjectsDialog = async (): Promise<typeof ProjectsDialog> =>
  (await import('./projects/ProjectsDialog.svelte')).default

export const loadTaskEditor = async (): Promise<typeof TaskEditor> =>
  (await import('./projects/TaskEditor.svelte')).default

export const loadLabelView = async (): Promise<typeof LabelView> =>
  (await import('./label/LabelView.svelte')).default

export const loadCompareView = async (): Promise<typeof CompareView> =>
  (await import('./compare/CompareView.svelte')).default

/** Fetches them all. Rejects where one cannot be had. */
export const loadLater = (): Promise<unknown> =>
  Promise.all([
    loadRowDetails(),
    loadFilePanel(),
    loadDeviceCheck(),
    loadModelsView(),
    loadProjectMenu(),
    loadProjectsDialog(),
    loadTaskEditor(),
    loadLabelView(),
    loadCompareView(),
  ])

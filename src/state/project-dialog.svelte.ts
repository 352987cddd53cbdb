/** `projects`: all of them, and what can be done with them. `task`: what the open one asks, and its guidelines. */
export type ProjectDialogKind = 'projects' | 'task'

/** Which dialog about projects is open; any part of the page may open one. */
export class ProjectDialog {
  #kind = $state.raw<ProjectDialogKind>()

  get kind() {
    return this.#kind
  }
  show(kind: ProjectDialogKind): void {
    this.#kind = kind
  }
  close(): void {
    this.#kind = undefined
  }
}

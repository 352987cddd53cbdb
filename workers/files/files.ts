/** Reads files off the page's thread: the verbs of the contract. It sees text and has no way to a network. */
import type { Files } from '../../src/files/contract'
import { Jobs } from './jobs'
import { openFile } from './open-file'
import { PieceReader } from './piece-reader'
import { readFile } from './read-file'

/** The files worker's verbs; `now` gives milliseconds from any fixed point. */
export function createFiles(now: () => number): Files {
  const jobs = new Jobs()
  return {
    open: (job, file, request, onProgress) =>
      jobs.run(job, request.name, (checkpoint) =>
        openFile(new PieceReader(file, checkpoint, onProgress), new PieceReader(file, checkpoint), request),
      ),
    read: (job, file, request, onRows) =>
      jobs.run(job, request.name, (checkpoint) =>
        readFile({ pieces: new PieceReader(file, checkpoint), checkpoint, now, onRows }, request),
      ),
    cancel: (job) => {
      jobs.cancel(job)
      return Promise.resolve()
    },
  }
}

/** Holds the worker and nothing else; the tests call the worker itself. */
new Worker(new URL('./t5.worker.ts', import.meta.url), { type: 'module' })

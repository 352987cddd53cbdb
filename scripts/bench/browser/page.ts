/** The page of the benchmark holds the worker and nothing else; the runner calls the worker itself. */
new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' })

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

/** Threads that keep their modules from file to file: loading them anew takes as long as the tests do. */
const shared = { pool: 'threads', isolate: false } as const

export default defineConfig({
  test: {
    // By itself it would leave one of two processors free.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...shared,
          name: 'node',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{browser,component,state}/**', 'test/tooling/page/**'],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [svelte({ configFile: false }), svelteTesting({ resolveBrowser: false })],
        // Without this condition Svelte resolves to its server build, where `$effect` never runs and tests pass unseen.
        resolve: { conditions: ['browser'] },
        test: {
          ...shared,
          name: 'page',
          environment: 'jsdom',
          include: ['test/{component,state}/**/*.test.ts', 'test/tooling/page/*.test.ts'],
          testTimeout: 15_000,
        },
      },
    ],
  },
})

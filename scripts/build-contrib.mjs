// Compiles what contrib/ has in TypeScript: each program is one file, without dependencies but the
// command, which it runs.

import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const contrib = fileURLToPath(new URL('../contrib', import.meta.url))

const programs = [
  { from: 'dap/lib/bin.ts', to: 'dap/dist/ptrace-probe-dap.cjs' },
  { from: 'vscode/lib/extension.ts', to: 'vscode/dist/extension.cjs', external: ['vscode'] },
]

for (const { from, to, external = [] } of programs) {
  await build({
    absWorkingDir: contrib,
    entryPoints: [from],
    outfile: to,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    external,
    logLevel: 'warning',
    define: { 'import.meta.url': '__filename' },
  })
  chmodSync(`${contrib}/${to}`, 0o755)
}

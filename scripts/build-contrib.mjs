// Compiles what contrib/ has in TypeScript: each program is one file, without dependencies but the
// command, which it runs.

import { chmodSync, copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const contrib = `${root}/contrib`

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

// The proxy is a package of its own, and a copy of valibot is in it: both licenses ask for their texts.
copyFileSync(`${root}/LICENSE`, `${contrib}/dap/LICENSE`)
copyFileSync(`${root}/node_modules/valibot/LICENSE.md`, `${contrib}/dap/dist/LICENSE-valibot.md`)

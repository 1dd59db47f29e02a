// What binaries are published, and with which tools they are made.

import { execFileSync } from 'node:child_process'

/** By the names that Node has for them: Debian's prefix of the tool-chain, readelf's machine. */
const architectures = {
  x64: { prefix: 'x86_64-linux-gnu-', machine: 'Advanced Micro Devices X86-64' },
  arm64: { prefix: 'aarch64-linux-gnu-', machine: 'AArch64' },
}

/** The published binaries, at the paths that prebuildify gives them. */
export const prebuilds = Object.entries(architectures).map(([arch, { machine }]) => ({
  arch,
  machine,
  path: `prebuilds/linux-${arch}/ptrace-probe.node`,
}))

/** The name of a program of the tool-chain: the plain one where it builds for this machine. */
export function tool(arch, name) {
  return arch === process.arch ? name : `${architectures[arch].prefix}${name}`
}

/** A library of the tool-chain. */
export function library(arch, name) {
  const args = [`-print-file-name=${name}`]
  return execFileSync(tool(arch, 'gcc'), args, { encoding: 'utf8' }).trim()
}

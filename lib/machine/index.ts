export { bytesOf, textOf } from './bytes.js'
export type { Files, MachineFacts, Place } from './facts.js'
export {
  containerOf,
  declaredBy,
  lsmOf,
  osOf,
  processesNamed,
  processIds,
  readDeclared,
  readFacts,
  readPlace,
  readSeccomp,
  scopeFile,
} from './facts.js'
export { codeOf, isDirectory, isFile, linkAt, look, textAt } from './look.js'
export type { InstalledPackages } from './packages/index.js'
export { installedPackages, ownersOf } from './packages/index.js'
export {
  errnoWords,
  listIn,
  openRoot,
  PathError,
  piecesIn,
  readIn,
  resolveIn,
  statIn,
} from './rootfs.js'
export type { SelinuxAnswer } from './selinux.js'
export { askSelinux } from './selinux.js'

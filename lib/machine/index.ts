export { bytesOf, textOf } from './bytes.js'
export type { Credentials } from './credentials.js'
export { readCredentials } from './credentials.js'
export type { MachineFacts, Place } from './facts.js'
export {
  declaredBy,
  groupOf,
  lsmOf,
  osOf,
  readDeclared,
  readFacts,
  readPlace,
  readSeccomp,
  readYama,
  scopeFile,
} from './facts.js'
export type { Files } from './files.js'
export { readFingerprint } from './fingerprint.js'
export { globNames, globPath, isPattern, matchName } from './glob.js'
export { codeOf, isDirectory, isFile, linkAt, look, textAt } from './look.js'
export type { InstalledPackages } from './packages/index.js'
export { installedPackages, ownersOf } from './packages/index.js'
export { processesNamed, processIds, userOfProcess } from './processes.js'
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
export { interpreterOf } from './script.js'
export type { SelinuxAnswer } from './selinux.js'
export { askSelinux } from './selinux.js'
export type { StandIn } from './stand-in.js'
export { readStandIn } from './stand-in.js'
export { containerOf } from './surroundings.js'
export { denyPtraceOf } from './switches.js'
export { keepsLabel } from './transition.js'
export type { WatchedFacts } from './watched.js'
export { readWatched } from './watched.js'

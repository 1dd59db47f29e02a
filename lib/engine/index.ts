export { commandForRoot } from './command.js'
export type { Engine } from './contract.js'
export { loadEngine, lookUpUser } from './engine.js'
export type {
  CloserLook,
  Details,
  Examination,
  ExamineResult,
  Examiner,
  Owners,
  ProcessFacts,
  Stat,
  Status,
  Threads,
  Unread,
} from './examination.js'
export { wasRead } from './examination.js'
export type { EngineResult, Outcome, Plan } from './measurement.js'
export { packageRoot, version } from './package.js'
export { isSupported, ownIds, requireLinux } from './platform.js'
export { oracleBit, oracles } from './words.js'

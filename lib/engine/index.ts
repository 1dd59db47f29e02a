export type {
  CloserLook,
  Details,
  Engine,
  EngineResult,
  Examination,
  ExamineResult,
  Examiner,
  Outcome,
  Owners,
  Plan,
  ProcessFacts,
  Stat,
  Status,
  Unread,
} from './contract.js'
export { oracleBits, wasRead } from './contract.js'
export { loadEngine, lookUpUser } from './engine.js'
export { version } from './package.js'
export { isSupported, requireLinux } from './platform.js'

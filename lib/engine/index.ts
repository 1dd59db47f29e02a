export type {
  Engine,
  EngineResult,
  Examination,
  ExamineResult,
  Examiner,
  Outcome,
  Plan,
  ProcessFacts,
} from './engine.js'
export { loadEngine, lookUpUser, oracleBits } from './engine.js'
export { isSupported, requireLinux } from './platform.js'
export { version } from './version.js'

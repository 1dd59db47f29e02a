export type { Checked } from './check.js'
export {
  assertionFormats,
  formats,
  settingsFormats,
  surveyFormats,
  toolFormats,
  verdictFormats,
} from './formats.js'
export type { Style } from './terminal.js'
export { tracerWords } from './verdicts.js'

export type { SettingsOptions } from './options.js'
export { settings } from './settings.js'

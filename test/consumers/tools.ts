import { fileURLToPath } from 'node:url'
import { installedTools } from '../package/project.js'

/** The directory of what `tools/package.json` names. */
export const tools = await installedTools(fileURLToPath(new URL('tools', import.meta.url)))

import { gunzipSync } from 'node:zlib'

import { run } from './host.js'

/** How a kernel may be packed into a bzImage; `trailer` is the size that its build appends. */
const packings = [
  { magic: '1f8b', tool: 'gzip', trailer: 0 },
  { magic: 'fd377a585a', tool: 'xz', trailer: 4 },
  { magic: '28b52ffd', tool: 'zstd', trailer: 4 },
  { magic: '02214c18', tool: 'lz4', trailer: 4 },
] as const

/**
 * The ELF kernel in a bzImage. QEMU boots it through its PVH entry, which spares the guest from
 * unpacking it: seconds, without hardware acceleration. An arm64 Image is returned as it is.
 *
 * @see https://docs.kernel.org/arch/x86/boot.html for the header's fields.
 */
export async function extractKernel(image: Buffer): Promise<Buffer> {
  if (image.toString('latin1', 0x38, 0x3c) === 'ARM\x64') return image
  const setupSectors = image[0x1f1] || 4
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248)
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c))
  const packing = packings.find(({ magic }) => payload.toString('hex', 0, 6).startsWith(magic))
  if (packing === undefined) {
    throw new Error(`A kernel packed in an unknown way: ${payload.toString('hex', 0, 6)}`)
  }
  const packed = payload.subarray(0, payload.length - packing.trailer)
  const kernel =
    packing.tool === 'gzip'
      ? gunzipSync(packed)
      : await run(packing.tool, ['-dc'], { input: packed })
  if (kernel.toString('latin1', 0, 4) !== '\x7fELF')
    throw new Error('The kernel is not an ELF file')
  return kernel
}

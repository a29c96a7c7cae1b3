// CPU and memory in words. Pure.
import { formatBytes } from "#ui/components";

/** `12 m`, `1.25`: thousandths of a core below one core, else cores. */
export function cpuWord(milli: number): string {
  return milli < 1000 ? `${milli} m` : (milli / 1000).toFixed(2);
}

/** `48 MiB`. */
export function memoryWord(bytes: number): string {
  return formatBytes(bytes);
}

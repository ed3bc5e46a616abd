/** Luminance of SDR white within HDR, in cd/m² (ITU-R BT.2408). */
const sdrWhite = 203;
/** Luminance that becomes white, in cd/m²: a common mastering peak, and HLG's nominal one. */
const peak = 1000;
/** Light above it is compressed, below it stays linear. */
const knee = 0.5;

/** PQ (SMPTE ST 2084) to linear light for SDR. */
export function pqToSdr(sample: number): number {
  const power = sample ** (1 / 78.84375);
  const light = Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power);
  return compress((10_000 * light ** (1 / 0.1593017578125)) / sdrWhite);
}

/** HLG (ITU-R BT.2100) to linear light for SDR; the system gamma is applied per channel. */
export function hlgToSdr(sample: number): number {
  const scene = sample <= 0.5 ? sample ** 2 / 3 : (Math.exp((sample - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return compress((peak * scene ** 1.2) / sdrWhite);
}

/** Reinhard tone mapping above the knee. */
function compress(light: number): number {
  if (light <= knee) return light;
  const room = 1 - knee;
  const over = (light - knee) / room;
  const max = (peak / sdrWhite - knee) / room;
  return Math.min(1, knee + (room * over * (1 + over / max ** 2)) / (1 + over));
}

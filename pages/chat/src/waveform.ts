// How loud a recording is from its beginning to its end, decoded by the browser, for the bars of a voice message.

const longest = 4 << 20; // bytes; a longer recording is not worth the decoding
const rate = 8000; // hertz: plenty for loudness
const known = new Map<string, Promise<number[] | null>>();

async function measure(url: string, count: number): Promise<number[] | null> {
  try {
    const bytes = await (await fetch(url)).arrayBuffer();
    const sound = (await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes)).getChannelData(0);
    const step = sound.length / count;
    const levels = Array.from({ length: count }, (_, i) => {
      let sum = 0;
      const from = Math.floor(i * step);
      const to = Math.max(from + 1, Math.floor((i + 1) * step));
      for (let at = from; at < to; at++) sum += (sound[at] ?? 0) ** 2;
      return Math.sqrt(sum / (to - from));
    });
    const most = Math.max(...levels);
    // Loudness as heard grows slower than the signal.
    return most > 0 ? levels.map((level) => (level / most) ** 0.7) : levels;
  } catch {
    return null; // not a sound that this browser knows
  }
}

// Levels from 0 to 1; null where it cannot be told.
export function waveformOf(url: string, bytes: number, count: number): Promise<number[] | null> {
  if (bytes > longest) return Promise.resolve(null);
  let levels = known.get(url);
  if (!levels) known.set(url, (levels = measure(url, count)));
  return levels;
}

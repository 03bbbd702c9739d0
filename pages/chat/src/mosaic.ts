// How the photos of an album share a rectangle: rows of one height each, no photo squeezed, the whole nearly a square.

const narrowest = 0.7;
const widest = 1.8; // ratios beyond are cropped to these
const wanted = 0.9; // height of the whole for a width of 1
const most = 4; // in a row
const [lowest, highest] = [0.24, 1.2]; // of a row, for a width of 1: less is a strip, more is a tower

function partitions(count: number): number[][] {
  if (count === 0) return [[]];
  const out: number[][] = [];
  for (let first = 1; first <= Math.min(most, count); first++) for (const rest of partitions(count - first)) out.push([first, ...rest]);
  return out;
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

// Rows of the photos' ratios (width / height), in their order.
export function mosaic(ratios: number[]): number[][] {
  const clipped = ratios.map((ratio) => Math.min(widest, Math.max(narrowest, ratio || 1)));
  let best: number[][] = [clipped];
  let cost = Infinity;
  for (const sizes of partitions(clipped.length)) {
    let at = 0;
    const rows = sizes.map((size) => clipped.slice(at, (at += size)));
    const heights = rows.map((row) => 1 / sum(row));
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    // Far from the wanted shape is bad; so is one row that dwarfs another.
    const price = Math.abs(sum(heights) - wanted) + 0.35 * (high - low) + (high > highest || low < lowest ? 1 : 0);
    if (price < cost) [best, cost] = [rows, price];
  }
  return best;
}

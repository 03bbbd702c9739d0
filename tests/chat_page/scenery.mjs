// Photos for the page that look like photos: a sky, a sun, hills. A PNG each, made of numbers, so that none has an author.
import { deflateSync } from 'node:zlib';

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc = (bytes) => (bytes.reduce((c, b) => crcTable[(c ^ b) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), 8 + data.length);
  return out;
}

function png(width, height, colourAt) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = 1 + width * 3;
  const rows = Buffer.alloc(height * line);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows.set(colourAt(x / width, y / height), y * line + 1 + x * 3);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

const mix = (a, b, part) => a.map((value, i) => value + (b[i] - value) * part);
const skies = [[[255, 180, 120], [90, 90, 170]], [[190, 225, 250], [70, 140, 215]], [[250, 190, 200], [110, 100, 190]], [[255, 225, 160], [235, 110, 90]], [[30, 50, 110], [10, 15, 45]]];
const grounds = [[40, 60, 80], [40, 95, 75], [80, 55, 100], [115, 55, 60], [25, 35, 65]];

export function scene(seed, width = 480, height = 360) {
  const [low, high] = skies[seed % skies.length];
  const ground = grounds[seed % grounds.length];
  const ratio = width / height;
  const sun = [0.25 + ((seed * 37) % 50) / 100, 0.3];
  const hill = (x, layer) => 0.5 + layer * 0.14 + 0.07 * Math.sin(x * (3 + layer) + seed * 2 + layer) + 0.03 * Math.sin(x * 11 + seed * 5 + layer * 3);
  return png(width, height, (x, y) => {
    for (const layer of [2, 1, 0]) if (y > hill(x * ratio, layer)) return mix(ground, low, 0.55 - layer * 0.25 - (y - 0.5) * 0.2);
    const far = Math.hypot((x - sun[0]) * ratio, y - sun[1]);
    const sky = mix(high, low, Math.min(1, y * 1.7));
    return far < 0.09 ? [255, 248, 225] : mix(sky, [255, 244, 214], Math.max(0, 0.5 - far) * 0.9);
  });
}

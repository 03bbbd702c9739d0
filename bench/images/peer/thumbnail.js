// node thumbnail.js FILE TIMES: decodes and resizes to 1024 px of raw pixels; "sharp WALL_MS CPU_MS PEAK_MIB" for each.
import sharp from 'sharp';

const [file, times] = process.argv.slice(2);
sharp.cache(false);
for (let i = 0; i < Number(times); ++i) {
    const begin = performance.now(), before = process.cpuUsage();
    await sharp(file).rotate().resize(1024, 1024, { fit: 'inside' }).raw().toBuffer();
    const cpu = process.cpuUsage(before);
    console.log('sharp', (performance.now() - begin).toFixed(1), ((cpu.user + cpu.system) / 1000).toFixed(1), (process.resourceUsage().maxRSS / 1024).toFixed(0));
}

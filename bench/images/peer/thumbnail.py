# python3 thumbnail.py FILE TIMES: decodes and resizes to 1024 px of raw pixels; "Pillow WALL_MS CPU_MS PEAK_MIB" for each.
import resource
import sys
import time

from PIL import Image, ImageOps

for _ in range(int(sys.argv[2])):
    begin, before = time.perf_counter(), time.process_time()
    picture = Image.open(sys.argv[1])
    picture.draft("RGB", (1024, 1024))
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((1024, 1024))
    picture.tobytes()
    wall, cpu = time.perf_counter() - begin, time.process_time() - before
    print(f"Pillow {wall * 1e3:.1f} {cpu * 1e3:.1f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")

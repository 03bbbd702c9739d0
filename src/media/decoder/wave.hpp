// What the header of a WAVE file announces; libav's demuxer takes the length from the size of the file instead.
#pragma once

namespace persona::media {

// Seconds of sound that the `data` chunk of standard input announces; 0 where it is no WAVE, or was written without knowing.
double announced_wave_seconds();

}  // namespace persona::media

// Recordings as bytes: a real voice between silences, so that voice activity finds a known number of segments.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "media/decode.hpp"
#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace persona::bot {

using Samples = std::vector<std::int16_t>;

inline std::string wav(const Samples& samples) {
    const auto bytes = static_cast<std::uint32_t>(samples.size() * 2);
    const auto little = [](std::uint32_t value, int size) {
        std::string out;
        for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
        return out;
    };
    std::string out = "RIFF" + little(36 + bytes, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) + little(media::pcm_rate, 4) +
                      little(media::pcm_rate * 2, 4) + little(2, 2) + little(16, 2) + "data" + little(bytes, 4);
    out.append(reinterpret_cast<const char*>(samples.data()), bytes);
    return out;
}

inline Samples silence(int seconds) { return Samples(static_cast<std::size_t>(seconds) * media::pcm_rate); }

// "Eight of spades, four of clubs, seven of hearts.", 3.5 s.
inline const Samples& voice() {
    static const Samples samples = [] {
        Samples out;
        const media::Decoder decoder(places::programs() / "persona-decoder");
        const auto length = decoder.decode(places::data() / "speech/english_cards.ogg", {}, [&](std::span<const std::int16_t> block) {
            out.insert(out.end(), block.begin(), block.end());
            return true;
        });
        if (!length) throw std::runtime_error("the voice of the tests does not decode");
        return out;
    }();
    return samples;
}

// The voice `times` times, each a segment of its own.
inline std::string spoken(int times) {
    Samples out;
    for (int i = 0; i < times; ++i) {
        out.insert(out.end(), voice().begin(), voice().end());
        const Samples pause = silence(3);
        out.insert(out.end(), pause.begin(), pause.end());
    }
    return wav(out);
}

}  // namespace persona::bot

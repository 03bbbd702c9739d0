// What a person's library shows of a transcript without opening its text. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace persona::transcripts {

struct Entry {
    TranscriptId id;
    std::int64_t number = 0;        // the user's own running number
    std::string source = "audio";   // or "text"
    std::string language;           // "en", "ru", "und"
    Millis duration{0};             // zero for a text
    std::string name;               // the person's own, else that of its file; empty: neither
    std::vector<std::string> made;  // kinds of documents, each once, the first made first
    Time at{};
    bool current = false;
};

// A document that was delivered.
struct Made {
    Uuid id;
    std::optional<TranscriptId> transcript;
    std::string kind, file_name, blob;
    Time at{};
    bool kept = false;  // its file can be sent again
};

}  // namespace persona::transcripts

#include <boost/json.hpp>

#include "bot/work/transcription.hpp"

namespace persona::bot {

namespace json = boost::json;

std::string to_json(const KeptPiece& kept) {
    const ai::Piece& piece = kept.piece;
    json::object out{{"begin", piece.begin.count()},  {"end", piece.end.count()},         {"text", piece.text},
                     {"logp", piece.log_probability}, {"tokens", piece.tokens},           {"looped", piece.looped},
                     {"language", piece.language},    {"overlap", piece.overlap.count()}, {"engine", kept.engine}};
    if (kept.lost) out["lost"] = true;
    return json::serialize(out);
}

KeptPiece piece_from(int index, const std::string& text) {
    const json::object stored = json::parse(text).as_object();
    const auto word = [&](std::string_view key) { return stored.contains(key) ? std::string(stored.at(key).as_string()) : std::string(); };
    return {.piece = {.index = static_cast<std::size_t>(index % course_stride),
                      .begin = Millis(stored.at("begin").to_number<std::int64_t>()),
                      .end = Millis(stored.at("end").to_number<std::int64_t>()),
                      .text = std::string(stored.at("text").as_string()),
                      .log_probability = stored.at("logp").to_number<double>(),
                      .tokens = stored.at("tokens").to_number<int>(),
                      .looped = stored.at("looped").as_bool(),
                      .language = word("language"),
                      .overlap = Millis(stored.contains("overlap") ? stored.at("overlap").to_number<std::int64_t>() : 0)},
            .lost = stored.contains("lost"),
            .engine = word("engine")};
}

Task<std::vector<KeptPiece>> kept_pieces(jobs::Running& job) {
    std::vector<KeptPiece> out;
    const auto all = co_await job.pieces();
    for (const auto& [index, text] : all)
        if (index / course_stride == all.rbegin()->first / course_stride) out.push_back(piece_from(index, text));
    co_return out;
}

std::string language_of(const std::vector<KeptPiece>& pieces) {
    std::map<std::string, Millis> heard;
    for (const KeptPiece& kept : pieces)
        if (!kept.lost && !kept.piece.text.empty() && !kept.piece.language.empty()) heard[kept.piece.language] += kept.piece.end - kept.piece.begin;
    const auto most = std::ranges::max_element(heard, {}, [](const auto& entry) { return entry.second; });
    return most == heard.end() ? std::string() : most->first;
}

std::string heard_with(const Context& context, const std::vector<KeptPiece>& pieces) {
    const auto engine = std::ranges::find_if(pieces, [](const KeptPiece& kept) { return !kept.engine.empty(); });
    const std::string language = language_of(pieces);
    if (engine == pieces.end() || language.empty()) return {};
    return context.say(Text::heard_with, {{"language", language_names({language}, context.language)}, {"engine", engine->engine}});
}

bool anything_heard(const std::vector<KeptPiece>& pieces) {
    return std::ranges::any_of(pieces, [](const KeptPiece& kept) { return !kept.lost && !kept.piece.text.empty(); });
}

Result whole_result(std::vector<KeptPiece> pieces, Millis length, bool breaks_off) {
    return {.pieces = std::move(pieces), .until = length, .whole = true, .breaks_off = breaks_off};
}

Result partial_result(std::vector<KeptPiece> pieces) {
    const Millis until = pieces.empty() ? Millis(0) : pieces.back().piece.end;
    return {.pieces = std::move(pieces), .until = until, .whole = false, .breaks_off = false};
}

Coins charge_for(const Result& result, Coins price, Millis length) {
    Millis heard = std::min(result.until, length);
    for (const KeptPiece& kept : result.pieces)
        if (kept.lost) heard -= kept.piece.end - kept.piece.begin;
    if (heard >= length) return price;
    return Coins::hundredths(price.value() * std::max<std::int64_t>(heard.count(), 0) / std::max<std::int64_t>(length.count(), 1));
}

}  // namespace persona::bot

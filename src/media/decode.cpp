#include "media/decode.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "media/confined_child.hpp"
#include "media/decode_wire.hpp"

namespace persona::media {
namespace {

static_assert(pcm_rate == wire::rate);

constexpr std::string_view names[] = {"not_media", "no_audio", "truncated", "too_long", "failed", "child_killed", "timed_out", "cancelled"};

Millis in_time(std::uint64_t samples) { return Millis(samples * 1000 / wire::rate); }

struct VerdictRow {
    wire::Verdict verdict;
    DecodeError error;
};
constexpr VerdictRow verdicts[] = {
    {wire::Verdict::truncated, DecodeError::truncated}, {wire::Verdict::no_audio, DecodeError::no_audio},
    {wire::Verdict::too_long, DecodeError::too_long},   {wire::Verdict::not_media, DecodeError::not_media},
    {wire::Verdict::failed, DecodeError::failed},
};

FileDescriptor open_file(const std::filesystem::path& path) {
    FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (file.get() < 0) throw Unavailable(fmt::format("decoder: cannot open the recording: {}", std::strerror(errno)));
    return file;
}

// Follows the child's messages; everything it says is checked against what it sent.
class Listener {
public:
    explicit Listener(const PcmSink& sink) : sink_(sink) {}

    bool take(ByteView bytes) {
        reader_.append(bytes);
        while (const auto message = reader_.next())
            if (!hear(*message)) return false;
        return !reader_.broken();
    }

    wire::Info info{};
    std::optional<wire::End> end;
    std::uint64_t delivered = 0;  // samples
    bool sink_stopped = false;

private:
    bool hear(const wire::Message& message) {
        if (end) return false;  // nothing follows the end
        switch (message.kind) {
            case wire::Kind::info: return read_into(message.body, info);
            case wire::Kind::data: return deliver(message.body);
            case wire::Kind::end: end = wire::read_body<wire::End>(message.body); return end.has_value();
        }
        return false;
    }

    static bool read_into(ByteView body, wire::Info& info) {
        const auto read = wire::read_body<wire::Info>(body);
        if (read) info = *read;
        info.codec[sizeof info.codec - 1] = 0;
        return read.has_value();
    }

    bool deliver(ByteView body) {
        if (!sink_ || body.size() % sizeof(std::int16_t) != 0) return false;
        block_.resize(body.size() / sizeof(std::int16_t));  // the body may stand at an odd address
        std::memcpy(block_.data(), body.data(), body.size());
        delivered += block_.size();
        sink_stopped = !sink_(block_);
        return !sink_stopped;
    }

    const PcmSink& sink_;
    wire::Reader reader_;
    std::vector<std::int16_t> block_;
};

DecodeError silent_end(ConfinedChild::Finish finish, const Listener& heard) {
    using enum ConfinedChild::Finish;
    if (finish == timed_out) return DecodeError::timed_out;
    if (finish == cancelled || heard.sink_stopped) return DecodeError::cancelled;
    return finish == refused ? DecodeError::failed : DecodeError::child_killed;
}

struct Decoded {
    wire::Info info;
    Millis duration;
};

std::expected<Decoded, DecodeFailure> judge(const Listener& heard, ConfinedChild::Finish finish, std::string detail, bool counted_only) {
    const std::uint64_t samples = counted_only && heard.end ? heard.end->samples : heard.delivered;
    const Millis duration = in_time(samples);
    if (!heard.end || finish != ConfinedChild::Finish::closed)
        return std::unexpected(DecodeFailure{silent_end(finish, heard), std::move(detail), duration});
    for (const VerdictRow& row : verdicts)
        if (row.verdict == heard.end->verdict) return std::unexpected(DecodeFailure{row.error, std::move(detail), duration});
    return Decoded{heard.info, duration};
}

std::expected<Decoded, DecodeFailure> run(const std::filesystem::path& program, int file, ContentType type, const DecodeLimits& limits,
                                          const PcmSink& sink) {
    const auto deadline = std::chrono::steady_clock::now() + limits.wall;
    const auto max_samples = static_cast<std::uint64_t>(limits.max_duration.count()) * wire::rate / 1000;
    ConfinedChild child(program,
                        {std::string(traits(type).demuxer), sink ? wire::mode_decode : wire::mode_measure, std::to_string(max_samples),
                         std::to_string(limits.memory_bytes), std::to_string(limits.cpu_seconds), std::to_string(getpid())},
                        file);
    Listener heard(sink);
    const auto finish = child.pump(deadline, limits.cancel, [&](ByteView bytes) { return heard.take(bytes); });
    return judge(heard, finish, child.bury(), !sink);
}

}  // namespace

std::string_view name(DecodeError error) { return names[static_cast<std::size_t>(error)]; }

Decoder::Decoder(std::filesystem::path program) : program_(std::move(program)) {
    if (access(program_.c_str(), X_OK) != 0)
        throw BadConfig(fmt::format("decoder: {} cannot be executed: {}", program_.string(), std::strerror(errno)));
}

std::filesystem::path Decoder::installed_program() { return installed_child("persona-decoder"); }

std::expected<MediaInfo, DecodeFailure> Decoder::probe(const std::filesystem::path& path, const DecodeLimits& limits) const {
    const FileDescriptor file = open_file(path);
    const ContentType type = content_type_of(file.get());
    if (!may_hold_sound(type)) return std::unexpected(DecodeFailure{DecodeError::not_media, fmt::format("content is {}", traits(type).name)});
    auto decoded = run(program_, file.get(), type, limits, {});
    if (decoded) return MediaInfo{type, decoded->duration, decoded->info.codec, true, decoded->info.has_video != 0};
    if (decoded.error().error == DecodeError::no_audio) return MediaInfo{.type = type, .has_video = true};
    return std::unexpected(std::move(decoded.error()));
}

std::expected<Millis, DecodeFailure> Decoder::decode(const std::filesystem::path& path, const DecodeLimits& limits, const PcmSink& sink) const {
    const FileDescriptor file = open_file(path);
    const ContentType type = content_type_of(file.get());
    if (!may_hold_sound(type)) return std::unexpected(DecodeFailure{DecodeError::not_media, fmt::format("content is {}", traits(type).name)});
    auto decoded = run(program_, file.get(), type, limits, sink);
    if (!decoded) return std::unexpected(std::move(decoded.error()));
    return decoded->duration;
}

}  // namespace persona::media

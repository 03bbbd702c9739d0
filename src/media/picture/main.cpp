// persona-picture: standard input is a JPEG or PNG, standard output is messages (picture_wire.hpp). Started by media::PictureReader only.
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "media/child/confine.hpp"
#include "media/child/output.hpp"
#include "media/picture/rows.hpp"

namespace {

using namespace persona::media;
using namespace picture_wire;

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }
double fraction(const char* text) { return std::strtod(text, nullptr); }

// Buffers of a strip are given back and had again all the time: kept, they cost no page faults, which were a fifth of a picture.
void keep_memory() {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

// libvips opens what it needs here, before the doors are shut. It is kept from loading its modules (ImageMagick, poppler, HEIF), which
// no picture of ours needs and which take longer than a picture; and from making code as it runs, in memory that is written and executed.
bool start_vips(const char* name) {
    if (setenv("VIPSHOME", "/nonexistent", 1) != 0 || setenv("VIPS_NOVECTOR", "1", 1) != 0 || vips_init(name) != 0) return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    return true;
}

Verdict read_picture(VipsSource* file, const Wanted& wanted) {
    try {
        const Pipeline pipeline = pipeline_of(file, wanted);
        send(wire::Kind::info, pipeline.info);
        send_rows(pipeline);
        return Verdict::complete;
    } catch (const Refused& refused) {
        std::fprintf(stderr, "%s", vips_error_buffer());
        return refused.verdict;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != argument_count || !start_vips(argv[0])) return 2;
    const Source file(vips_source_new_from_descriptor(STDIN_FILENO));
    if (!file) return 2;
    const Bounds bounds{number(argv[memory_bytes]), number(argv[cpu_seconds]), static_cast<pid_t>(number(argv[parent_pid]))};
    if (const char* failed = confine(bounds)) {
        std::fprintf(stderr, "could not confine myself: %s\n", failed);
        return 3;
    }
    keep_memory();
    const Wanted wanted{argv[type],
                        static_cast<std::int64_t>(number(argv[most_pixels])),
                        static_cast<int>(number(argv[most_side])),
                        {fraction(argv[left]), fraction(argv[top]), fraction(argv[width]), fraction(argv[height])}};
    send(wire::Kind::end, End{read_picture(file.get(), wanted)});
    _exit(0);  // no exit handlers: those of the sanitizers make calls that the filter refuses
}

// A friendly refusal or a right picture, bounded memory, and a process that lives on.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "media/confined_child.hpp"
#include "media/picture_wire.hpp"
#include "unit/media/picture_room.hpp"

namespace persona::media {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

// A sanitizer's shadow counts too, and its children are not bounded.
constexpr bool memory_is_our_own = !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer);

class Hostile : public PictureRoom {
protected:
    // The most memory that the child held until it had all but sent its picture, in MiB, with the rest of what the run says.
    struct Run {
        int peak_mib = 0;
        std::string status;
    };
    Run watch(const std::filesystem::path& file, std::string_view type) {
        const FileDescriptor input(open(file.c_str(), O_RDONLY | O_CLOEXEC));
        ConfinedChild child(places::programs() / "persona-picture",
                            {std::string(type), "120000000", "1024", "0", "0", "1", "1", std::to_string(768 << 20), "20", std::to_string(getpid())},
                            input.get());
        Run run;
        child.pump(std::chrono::steady_clock::now() + 60s, {}, [&](ByteView) {
            const std::string status = read_file(fmt::format("/proc/{}/status", child.pid()));
            if (const auto at = status.find("VmHWM:"); at != std::string::npos)
                run.peak_mib = std::stoi(status.substr(at + 6)) / 1024, run.status = status;
            return true;
        });
        return run;
    }
};

// The one child of this thread, or -1.
pid_t the_child() {
    std::ifstream children("/proc/thread-self/children");
    pid_t child = -1;
    return children >> child ? child : -1;
}

TEST_F(Hostile, A5_WhatIsNeitherJpegNorPngIsToldByContent) {
    struct Case {
        const char* file;
        ContentType type;
    };
    for (const Case& c : {Case{"picture.gif", ContentType::gif},
                          {"picture.webp", ContentType::webp},
                          {"picture.bmp", ContentType::bmp},
                          {"picture.tiff", ContentType::tiff},
                          {"tone.mp3", ContentType::mp3}}) {
        const auto disguised = folder.file("photo.jpg", read_file(places::data() / "media" / c.file));
        const auto got = reader.read(disguised, {}, {});
        ASSERT_FALSE(got) << c.file;
        EXPECT_EQ(got.error().error, PictureError::not_supported) << c.file;
        EXPECT_EQ(got.error().type, c.type) << c.file;
    }
    EXPECT_EQ(refusal(std::string("\0\0\0\x18"
                                  "ftypheic\0\0\0\0mif1heic",
                                  24)),
              "not_supported");
    EXPECT_EQ(refusal("<svg xmlns='http://www.w3.org/2000/svg'/>"), "not_supported");
    EXPECT_EQ(refusal("%PDF-1.4\n"), "not_supported");
    EXPECT_EQ(refusal(""), "not_supported");
    EXPECT_EQ(reader.read(folder.path(), {}, {}).error().error, PictureError::not_supported);
}

TEST_F(Hostile, A5_TheNameOfTheFileDecidesNothing) {
    for (const char* file : {"picture.jpg", "picture.png"}) {
        const auto got = reader.read(folder.file("minutes.txt", read_file(places::data() / "media" / file)), {}, {});
        ASSERT_TRUE(got) << file << ": " << got.error().detail;
        EXPECT_EQ(got->info.width, 16);
    }
}

TEST_F(Hostile, A7_ATruncatedPictureIsBroken) {
    const std::string jpeg = jpeg_of(scene(1, 600, 400));
    const std::string png_file = png({200, 200, 8, 2}, [](std::string& out, int x, int y) { out += {char(x), char(y), char(x ^ y)}; });
    for (const std::string& whole : {jpeg, png_file}) {
        ASSERT_EQ(refusal(whole), "a picture");
        for (const double share : {0.02, 0.3, 0.6, 0.95})
            EXPECT_EQ(refusal(whole.substr(0, static_cast<std::size_t>(static_cast<double>(whole.size()) * share))), "broken") << share;
    }
}

TEST_F(Hostile, A7_ABadHeaderIsBroken) {
    EXPECT_EQ(refusal(std::string("\xFF\xD8\xFF", 3)), "broken");
    EXPECT_EQ(refusal("\xFF\xD8\xFF\xE0" + std::string(5000, '\x01')), "broken");
    EXPECT_EQ(refusal("\xFF\xD8\xFF" + std::string(5000, '\xFF')), "broken");
    EXPECT_EQ(refusal("\x89PNG\r\n\x1A\n"), "broken");
    EXPECT_EQ(refusal("\x89PNG\r\n\x1A\n" + std::string(5000, '\0')), "broken");
    EXPECT_EQ(refusal(png_header({0, 0, 8, 2})), "broken");
    EXPECT_EQ(refusal(png_header({100, 100, 8, 2})), "broken");
    EXPECT_EQ(refusal(png_header({100, 100, 7, 9})), "broken");
}

TEST_F(Hostile, A7_ThirtyThousandSquaredIsRefusedByItsHeader) {
    const std::string jpeg = resized_header(jpeg_of(corners(16, 16)), 30000, 30000);
    for (const std::string& file : {jpeg, png_header({30000, 30000, 8, 2}) + png_chunk("IDAT", "x"), png_of_zeros({30000, 30000, 1, 0})}) {
        const auto got = read(file, {}, {.wall = 20s, .cpu_seconds = 2});
        ASSERT_FALSE(got);
        EXPECT_EQ(name(got.error().error), "too_many_pixels") << got.error().detail;
    }
    EXPECT_EQ(refusal(png_header({2'000'000'000, 2, 8, 2}) + png_chunk("IDAT", "x")), "broken") << "more than any decoder takes";
    EXPECT_EQ(refusal(jpeg_of(corners(100, 100)), {}, {.most_pixels = 9'999}), "too_many_pixels");
    EXPECT_EQ(refusal(jpeg_of(corners(100, 100)), {}, {.most_pixels = 10'000}), "a picture");
}

TEST_F(Hostile, A7_ADecompressionBombKeepsMemoryBounded) {
    EXPECT_EQ(refusal(png_of_zeros({20000, 20000, 8, 2})), "too_many_pixels");
    const auto within = folder.file("bomb.png", png_of_zeros({10000, 10000, 8, 2}));
    const auto got = reader.read(within, {}, {});
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->info.width, 10000);
    EXPECT_EQ(got->picture.width, 1024);
    EXPECT_COLOUR(got->picture, 512, 512, {0, 0, 0});
    const Run run = watch(within, "png");
    RecordProperty("bomb_mib", run.peak_mib);
    EXPECT_GT(run.peak_mib, 0);
    if (memory_is_our_own) EXPECT_LT(run.peak_mib, 100) << run.status;
    // Interlaced it must lie in memory whole, and has no room.
    if (memory_is_our_own) EXPECT_THAT(refusal(png_of_zeros({10000, 10000, 16, 6, true})), AnyOf("broken", "child_killed"));
}

TEST_F(Hostile, ATwelveMegapixelPhotoTakesLittleMemory) {
    const Run run = watch(folder.file("photo.jpg", jpeg_of(scene(7, 4000, 3000))), "jpeg");
    RecordProperty("photo_mib", run.peak_mib);
    EXPECT_GT(run.peak_mib, 0);
    if (memory_is_our_own) EXPECT_LT(run.peak_mib, 64) << run.status;
}

TEST_F(Hostile, A7_PolyglotsAreOnlyPictures) {
    const std::string photo = jpeg_of(corners(60, 40), 95);
    for (const std::string& tail : {std::string("PK\x03\x04word/document.xml"), std::string("<html><script>alert(1)</script></html>"),
                                    std::string("%PDF-1.4 endless"), photo}) {
        expect_upright(picture_of(photo + tail), tail.substr(0, 4));
        expect_upright(picture_of(with_segment(photo, 0xFE, tail)), "comment");
        EXPECT_THAT(jpeg_of(picture_of(photo + tail)), testing::Not(HasSubstr(tail.substr(0, 8) + "\x01"))) << "only pixels come through";
    }
}

TEST_F(Hostile, A7_DamageInsideEndsInAnAnswer) {
    const std::string sources[] = {
        jpeg_of(scene(3, 300, 200)),
        with_segment(with_segment(jpeg_of(scene(4, 120, 90)), 0xE2, std::string("ICC_PROFILE\0\1\1", 14) + swapped_profile()), 0xE1, exif(6)),
        png({64, 64, 8, 6}, [](std::string& out, int x, int y) { out += {char(x), char(y), char(x * y), char(200)}; }),
        png({64, 64, 8, 2, true}, [](std::string& out, int x, int y) { out += {char(x), char(y), char(x * y)}; })};
    std::uint32_t state = 1;
    for (const std::string& whole : sources)
        for (int round = 0; round < 12; ++round) {
            std::string file = whole;
            for (int i = 0; i < 1 + round; ++i) {
                state = state * 1664525 + 1013904223;
                file[16 + (state >> 8) % std::min<std::size_t>(file.size() - 16, round % 2 ? 600 : file.size())] = static_cast<char>(state >> 24);
            }
            const auto got = read(file, {.most_side = 100}, {.wall = 20s});
            if (!got) EXPECT_NE(got.error().error, PictureError::timed_out) << round;
            if (got) EXPECT_EQ(got->picture.rgb.size(), static_cast<std::size_t>(got->picture.width * got->picture.height * 3));
        }
    EXPECT_EQ(refusal(sources[0]), "a picture") << "the next picture is not affected";
}

TEST_F(Hostile, TheChildIsConfined) {
    const Run run = watch(folder.file("photo.jpg", jpeg_of(scene(7, 1500, 1000))), "jpeg");
    EXPECT_THAT(run.status, HasSubstr("Seccomp:\t2"));  // a filter
    EXPECT_THAT(run.status, HasSubstr("NoNewPrivs:\t1"));
    EXPECT_THAT(run.status, HasSubstr("Threads:\t1"));
}

TEST_F(Hostile, AChildThatIsKilledIsToldApart) {
    const std::string slow = png_of_zeros({10000, 10000, 8, 2});
    std::jthread killer([thread = gettid()] {
        pid_t child = -1;
        while (!(std::ifstream(fmt::format("/proc/self/task/{}/children", thread)) >> child)) std::this_thread::yield();
        kill(child, SIGKILL);
    });
    const auto got = read(slow);
    killer.join();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().error, PictureError::child_killed);
    EXPECT_THAT(got.error().detail, HasSubstr("signal 9"));
    EXPECT_EQ(the_child(), -1) << "a process was left behind";
    EXPECT_EQ(refusal(jpeg_of(corners(20, 20))), "a picture") << "the next picture is not affected";
}

TEST_F(Hostile, BoundsOnTimeEndTheChild) {
    const std::string slow = png_of_zeros({10900, 10900, 8, 2});
    EXPECT_EQ(refusal(slow, {}, {.wall = 60ms}), "timed_out");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(refusal(slow, {}, {.cancel = stop.get_token()}), "cancelled");
    EXPECT_EQ(the_child(), -1) << "a process was left behind";
}

TEST_F(Hostile, A7_ABoundOnMemoryEndsTheChild) {
    const std::string photo = jpeg_of(scene(7, 400, 300));
    const std::string got = refusal(photo, {}, {.memory_bytes = 1 << 20});
    if (memory_is_our_own) EXPECT_THAT(got, AnyOf("child_killed", "broken"));
    EXPECT_EQ(refusal(photo), "a picture") << "the next picture is not affected";
}

TEST_F(Hostile, AMissingFileIsInfrastructure) {
    EXPECT_THROW((void)reader.read(folder.path() / "absent", {}, {}), Unavailable);
    EXPECT_THROW(PictureReader("/nowhere/persona-picture"), BadConfig);
}

}  // namespace
}  // namespace persona::media

#include "media/content_type.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace persona::media {
namespace {

using enum ContentType;
using namespace std::string_literals;

ContentType type_of(const std::filesystem::path& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const ContentType type = content_type_of(fd);
    close(fd);
    return type;
}

ContentType of(const std::string& head) { return content_type(as_bytes(head)); }

TEST(ContentType, T2_KnowsRealFilesOfEveryKind) {
    struct Case {
        const char* file;
        ContentType type;
    };
    for (const Case& c : {Case{"tone.mp3", mp3}, {"tone_id3.mp3", mp3},    {"tone_cover.mp3", mp3}, {"tone.wav", wav},      {"tone.flac", flac},
                          {"tone.m4a", m4a},     {"tone_vorbis.ogg", ogg}, {"tone_opus.ogg", opus}, {"tone.aac", aac},      {"tone.wma", wma},
                          {"tone.aiff", aiff},   {"film.mp4", mp4},        {"film.mov", mov},       {"film.mkv", matroska}, {"film.webm", webm},
                          {"film.avi", avi},     {"picture.jpg", jpeg},    {"picture.png", png},    {"picture.gif", gif},   {"picture.webp", webp},
                          {"picture.bmp", bmp},  {"picture.tiff", tiff}})
        EXPECT_EQ(type_of(places::data() / "media" / c.file), c.type) << c.file;
}

TEST(ContentType, KnowsHeadsOfEveryKind) {
    struct Case {
        std::string head;
        ContentType type;
    };
    for (const Case& c : {Case{"", empty},
                          {"%PDF-1.7\n", pdf},
                          {"PK\x03\x04..[Content_Types].xml..word/document.xml", docx},
                          {"PK\x03\x04..xl/workbook.xml", xlsx},
                          {"PK\x03\x04..mimetype", zip},
                          {"{\\rtf1", rtf},
                          {"#!AMR\n", amr},
                          {"\0\0\0\x18"
                           "ftypheic"s,
                           heic},
                          {"\0\0\0\x18"
                           "ftypmif1"s,
                           heic},
                          {"\0\0\0\x18"
                           "ftypavif"s,
                           avif},
                          {"\0\0\0\x18"
                           "ftypisom"s,
                           mp4},
                          {"\0\0\0\x18"
                           "ftypM4A "s,
                           m4a},
                          {"\0\0\0\x08wide"s, mov},
                          {"RIFF....WAVEfmt ", wav},
                          {"RIFF....AVI LIST", avi},
                          {"RIFF....WEBPVP8 ", webp},
                          {"RIFF....oops\x01", unknown},
                          {"Hello, world\n", text},
                          {"\xEF\xBB\xBFПривет", text},
                          {"\xFF\xFEП\0"s, text},
                          {"\xCF\xF0\xE8\xE2\xE5\xF2", text},
                          {"bin\0ary"s, unknown},
                          {"\x01\x02\x03\x04", unknown}})
        EXPECT_EQ(of(c.head), c.type) << testing::PrintToString(c.head);
}

TEST(ContentType, SkipsATagHoweverLongItsPictureIs) {
    const TemporaryFolder folder;
    const std::string tag = "ID3\x04\0\0\0\x07\x7F\x7F"s + std::string((7 << 14) + (127 << 7) + 127, '\0');
    const std::string flac_head = "fLaC\0\0\0\x22"s, mp3_body = read_file(places::data() / "media/tone.mp3");
    EXPECT_EQ(type_of(folder.file("a", tag + flac_head)), flac);
    EXPECT_EQ(type_of(folder.file("b", tag + mp3_body)), mp3);
    EXPECT_EQ(type_of(folder.file("c", tag)), mp3);
}

TEST(ContentType, TwoBytesOfChanceAreNoRecording) {
    const std::string lone_sync = "\xFF\xFB\x90\x64"s + std::string(2000, '\x01');
    EXPECT_EQ(of(lone_sync), unknown);
    EXPECT_EQ(of("\xFF\xF1\x50\x80\x02\x1F\xFC"s + std::string(2000, '\x02')), unknown);
}

TEST(ContentType, EveryPrefixOfEveryFileIsHarmless) {
    for (const auto& entry : std::filesystem::directory_iterator(places::data() / "media")) {
        const std::string content = read_file(entry.path());
        for (std::size_t size = 0; size < std::min<std::size_t>(content.size(), 300); ++size) of(content.substr(0, size));
    }
}

TEST(ContentType, AFolderIsNoMedia) { EXPECT_FALSE(may_hold_sound(type_of(places::data()))); }

}  // namespace
}  // namespace persona::media

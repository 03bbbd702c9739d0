#include "media/zip.hpp"

#include <zip.h>

#include <memory>

#include "base/error.hpp"

namespace persona::media {
namespace {

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

// The earliest time a zip entry can hold in every zone.
constexpr std::time_t no_time = 315619200;  // 1980-01-02

void add(zip_t* archive, const ZipEntry& entry, std::time_t created) {
    zip_source_t* source = zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
    if (source == nullptr) throw Error("zip: no memory for an entry");
    const zip_int64_t index = zip_file_add(archive, entry.path.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        throw Error("zip: cannot add an entry");
    }
    zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), created, 0);
}

Bytes content(zip_source_t* source) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_source_open(source) != 0 || zip_source_stat(source, &stat) != 0) throw Error("zip: cannot read the archive back");
    Bytes bytes(stat.size);
    const zip_int64_t got = zip_source_read(source, bytes.data(), bytes.size());
    zip_source_close(source);
    if (got != static_cast<zip_int64_t>(bytes.size())) throw Error("zip: the archive is cut short");
    return bytes;
}

}  // namespace

Bytes zipped(const std::vector<ZipEntry>& entries, std::optional<Time> created) {
    zip_error_t error;
    zip_error_init(&error);
    const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> source(zip_source_buffer_create(nullptr, 0, 0, &error), &zip_source_free);
    if (!source) throw Error("zip: no memory for the archive");
    Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error), &zip_discard);
    if (!archive) throw Error("zip: cannot open the archive");
    zip_source_keep(source.get());  // closing the archive gives up its own reference
    const std::time_t time =
        created ? std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::system_clock::duration>(*created)) : no_time;
    for (const ZipEntry& entry : entries) add(archive.get(), entry, time);
    if (zip_close(archive.get()) != 0) throw Error("zip: cannot write the archive");
    static_cast<void>(archive.release());
    return content(source.get());
}

}  // namespace persona::media

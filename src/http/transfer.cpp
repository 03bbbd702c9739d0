#include "http/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/url.hpp"

namespace persona::http {

namespace {

std::string_view trimmed_line(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    return line;
}

// Runs a callback of the caller's inside libcurl, which exceptions must not cross.
template <class R, class F>
R guarded(Transfer& transfer, R on_error, F act) {
    try {
        return act();
    } catch (...) {
        transfer.thrown = std::current_exception();
        return on_error;
    }
}

std::size_t on_field(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    const auto line = trimmed_line({bytes, size});
    if (line.starts_with("HTTP/")) {  // a new head: the last one was 100 Continue or a proxy's
        transfer.reply.headers.clear();
        transfer.head_complete = false;
        return size;
    }
    transfer.head_complete |= line.empty();
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0) return size;
    const auto value = line.find_first_not_of(" \t", colon + 1);
    return guarded(transfer, std::size_t(0), [&] {
        transfer.reply.headers.add(line.substr(0, colon), value == line.npos ? std::string_view() : line.substr(value));
        return size;
    });
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.received += size;
    if (transfer.received > transfer.call.max_response) {
        transfer.too_large = true;
        return 0;
    }
    long status = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    return guarded(transfer, std::size_t(0), [&] {
        if (transfer.call.sink && status / 100 == 2)
            transfer.call.sink({bytes, size});
        else
            transfer.reply.body.append(bytes, size);
        return size;
    });
}

// libcurl sends a request again by itself when a kept connection died under it, a POST too. What is not safe twice ends here.
int on_start(void* self, char*, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    return ++transfer.starts == 1 || transfer.call.safe_twice() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

struct SourceOf {
    Transfer& transfer;
    PartSource& source;
};

std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& of = *static_cast<SourceOf*>(self);
    return guarded(of.transfer, std::size_t(CURL_READFUNC_ABORT), [&] { return of.source.read({buffer, size * count}); });
}

void fill_part(Transfer& transfer, curl_mimepart* at, Part& part) {
    curl_mime_name(at, part.name.c_str());
    if (const auto* text = std::get_if<std::string>(&part.content)) curl_mime_data(at, text->data(), text->size());
    if (const auto* path = std::get_if<std::filesystem::path>(&part.content)) curl_mime_filedata(at, path->c_str());
    if (auto* source = std::get_if<PartSource>(&part.content))
        curl_mime_data_cb(
            at, static_cast<curl_off_t>(source->size), &on_read, nullptr, [](void* of) { delete static_cast<SourceOf*>(of); },
            new SourceOf{transfer, *source});
    if (!part.file_name.empty()) curl_mime_filename(at, part.file_name.c_str());
    if (!part.type.empty()) curl_mime_type(at, part.type.c_str());
}

void set_fields(Transfer& transfer) {
    std::string line;
    for (const auto& [name, value] : transfer.call.headers) {
        line.assign(name).append(value.empty() ? ";" : ": ").append(value);  // "name;" is libcurl's form of an empty value
        transfer.fields = curl_slist_append(transfer.fields, line.c_str());
    }
    transfer.fields = curl_slist_append(transfer.fields, "Expect:");
    // A body without a type has none; libcurl would call it a form.
    const bool typed = transfer.call.headers.contains("Content-Type") || !std::holds_alternative<std::string>(transfer.call.body);
    if (!typed) transfer.fields = curl_slist_append(transfer.fields, "Content-Type:");
    curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, transfer.fields);
}

void set_body(Transfer& transfer) {
    CURL* const easy = transfer.easy;
    Call& call = transfer.call;
    if (auto* parts = std::get_if<std::vector<Part>>(&call.body)) {
        transfer.mime = curl_mime_init(easy);
        for (Part& part : *parts) fill_part(transfer, curl_mime_addpart(transfer.mime), part);
        curl_easy_setopt(easy, CURLOPT_MIMEPOST, transfer.mime);
    } else if (const auto& text = std::get<std::string>(call.body); !text.empty() || call.method == "POST" || call.method == "PUT") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, text.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(text.size()));
    }
    if (call.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

void set_times(CURL* easy, const Call& call, Deadline deadline) {
    const auto left = std::min<Millis>(deadline.left(), 24h);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, std::max<long>(1, static_cast<long>(left.count())));  // 0 would be "no limit"
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, std::max<long>(1, static_cast<long>(std::min(left, call.connect_time).count())));
}

void set_policy(CURL* easy, const ClientConfig& config) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    // HTTP/2 brought no less CPU in our measurements, and one connection for all would let an upload delay the small calls.
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, config.proxy.c_str());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "persona");
    if (!config.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, config.ca_file.c_str());
}

void set_callbacks(Transfer& transfer) {
    CURL* const easy = transfer.easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_field);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &on_start);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
}

}  // namespace

Transfer::~Transfer() {
    curl_slist_free_all(fields);
    curl_mime_free(mime);
}

void Transfer::prepare(const ClientConfig& config, Deadline deadline) {
    curl_easy_setopt(easy, CURLOPT_URL, call.url.c_str());
    set_policy(easy, config);
    set_callbacks(*this);
    set_times(easy, call, deadline);
    set_fields(*this);
    set_body(*this);
}

Result Transfer::take_result() {
    if (thrown) std::rethrow_exception(thrown);
    const CURLcode code = *result;
    if (code == CURLE_OK && head_complete) {  // libcurl takes a head that was cut off for a success
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<unsigned>(status);
        return std::move(reply);
    }
    long written = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &written);
    const char* const reason = *error ? error : code == CURLE_OK ? "the reply was cut" : curl_easy_strerror(code);
    return std::unexpected(Failure{too_large     ? Failure::Kind::too_large
                                   : written > 0 ? Failure::Kind::unknown
                                                 : Failure::Kind::not_sent,
                                   code == CURLE_OPERATION_TIMEDOUT, fmt::format("{}: {}", origin_of(call.url), reason)});
}

}  // namespace persona::http

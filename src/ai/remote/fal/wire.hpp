// fal.ai's queue, storage and webhooks (docs.fal.ai) as plain values: what its JSON says. Pure; readers take the bytes of strangers and
// give nothing for what is not exactly of the form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ai/portrait.hpp"
#include "ai/remote/fal/dialect.hpp"

namespace persona::ai::fal {

// 1 to 128 of [A-Za-z0-9-_]: it stands in paths.
bool is_id(std::string_view text);

// The request's id of an answer to a submit.
std::optional<std::string> read_submitted(std::string_view body);

enum class Status : std::uint8_t { in_queue, in_progress, completed, failed, cancelled };

struct Standing {
    std::optional<Status> status;  // nothing: a word that we do not know
    std::string word;              // as fal.ai says it, at most 40 characters
    std::optional<int> place;      // in the queue
    bool erred = false;            // it has ended, and not well
};
std::optional<Standing> read_status(std::string_view body);

struct Upload {
    std::string put_url;   // where the bytes go; signed, so that it is a secret for a while
    std::string file_url;  // where fal.ai finds them
};
std::optional<Upload> read_upload(std::string_view body);
std::string upload_body(std::string_view file_name, std::string_view type);

// What a trainer's result names: an id, or an address.
std::optional<std::string> read_learnt(Learnt kind, std::string_view body);

struct Painted {
    std::vector<std::string> urls;  // at most four
    int withheld = 0;               // which fal.ai's own check did not let pass: they are black
};
std::optional<Painted> read_painted(std::string_view body);

// {"detail":[{"type","msg","loc"}]} of a model, {"detail":"…"} of the queue. The message may quote what we sent, and is left out.
struct Said {
    std::string word;       // "image_too_small"; empty where it says none
    bool of_model = false;  // the model itself gave up the request: no gateway speaks so
};
Said read_error(std::string_view body);
// What the model's word means for who ordered: photos, or else refused.
PortraitError::Reason reason_of(std::string_view word);

struct Told {
    std::string request, gateway_request;  // the second is the last try's, where fal.ai tried again
    std::string status;                    // "OK", "ERROR"; at most 40 characters
    std::string payload;                   // JSON; empty where it came without
};
std::optional<Told> read_told(std::string_view body);

}  // namespace persona::ai::fal

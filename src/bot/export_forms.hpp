// The forms in which a person takes a transcript away, and the order of the free job that makes the file.
#pragma once

#include <array>

#include "bot/turn.hpp"

namespace persona::bot {

struct ExportForm {
    std::string_view name;  // in callback data and arguments of jobs, and the file's extension
    Text label;
    bool timed = false;  // needs times: recordings only
};
inline constexpr std::array export_forms{
    ExportForm{"txt", Text::form_txt},
    ExportForm{"srt", Text::form_srt, true},
    ExportForm{"docx", Text::form_docx},
    ExportForm{"md", Text::form_md},
};
constexpr const ExportForm* export_form(std::string_view name) {
    for (const ExportForm& form : export_forms)
        if (form.name == name) return &form;
    return nullptr;
}

// form: that of one transcript, or of several: "zip", "join". Tells that it is under way where the same is. Needs data.jobs.
std::vector<Effect> order_export(const Turn& turn, std::string_view form, const std::vector<Uuid>& transcripts);

}  // namespace persona::bot

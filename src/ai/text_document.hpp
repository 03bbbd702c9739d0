// From fields to a document: titles, headings and order of the five outputs, in Russian and English. Shared by all text engines.
#pragma once

#include "ai/text.hpp"

namespace persona::ai {

// Sections without content say so in a line of their own ("Решений в записи не найдено."), sections whose absence says nothing are left out.
media::Document compose(const TextFields& fields, Language language, const DocumentContext& context, Mode mode);

}  // namespace persona::ai

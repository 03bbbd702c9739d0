# Case folding, grapheme clusters, plurals, zones, charsets.
find_package(ICU 72 REQUIRED COMPONENTS uc i18n data)

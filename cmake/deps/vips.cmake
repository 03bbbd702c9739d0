# Decoding and resizing of hostile pictures; linked into persona-picture only, never into the service.
find_package(PkgConfig REQUIRED)
pkg_check_modules(vips REQUIRED IMPORTED_TARGET vips>=8.14)

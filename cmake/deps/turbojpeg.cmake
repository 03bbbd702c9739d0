# JPEG files of our own: pictures that are sent, and those that are kept.
find_package(PkgConfig REQUIRED)
pkg_check_modules(turbojpeg REQUIRED IMPORTED_TARGET libturbojpeg)

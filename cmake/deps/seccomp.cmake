# The list of system calls that persona-decoder and persona-picture may make.
find_package(PkgConfig REQUIRED)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)

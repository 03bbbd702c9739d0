# One compiler and its flags. g++ 12 destroys temporaries twice in statements with co_await (docs/adr/0001-clang-19.md).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines: use clang++-19 (cmake --preset release)")
endif()
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(persona_flags INTERFACE)
target_compile_options(persona_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers -Werror -fno-omit-frame-pointer)
target_include_directories(persona_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_options(persona_flags INTERFACE -fuse-ld=lld)

set(PERSONA_SANITIZE "" CACHE STRING "address, thread or empty")
if(PERSONA_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=function -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined -fno-sanitize=function)
elseif(PERSONA_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
option(PERSONA_COVERAGE "Source coverage of llvm-cov" OFF)
if(PERSONA_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
option(PERSONA_FUZZ "Build the fuzzers (libFuzzer)" OFF)
if(PERSONA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # our code tells the fuzzer which branches an input reached
endif()

# Paths inside the build name no folder of the builder's, so that a cache serves every checkout.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -fdebug-compilation-dir=.)

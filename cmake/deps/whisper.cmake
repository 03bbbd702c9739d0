# whisper.cpp (docs/adr/0021-whisper.md): its own build, as a static library for any processor with AVX2. Only what links it builds
# it, and its warnings are its own.
if(NOT EXISTS ${PERSONA_MODELS}/whisper.cpp/CMakeLists.txt)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/cmake/models/fetch COMMAND_ERROR_IS_FATAL ANY)
endif()
function(persona_add_whisper)
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # its options take the variables below
  set(CMAKE_WARN_DEPRECATED OFF)
  set(CMAKE_MESSAGE_LOG_LEVEL WARNING)
  set(BUILD_SHARED_LIBS OFF)
  set(GGML_NATIVE OFF)
  set(GGML_OPENMP OFF)  # its own threads, counted by us
  set(GGML_CCACHE OFF)  # the presets say how to compile
  set(GGML_ALL_WARNINGS OFF)
  set(WHISPER_ALL_WARNINGS OFF)
  add_subdirectory(${PERSONA_MODELS}/whisper.cpp ${CMAKE_BINARY_DIR}/whisper.cpp EXCLUDE_FROM_ALL SYSTEM)
  foreach(library whisper ggml ggml-base ggml-cpu)
    target_compile_options(${library} PRIVATE -w -O3)  # a model is slow beyond use without optimisation
    if(PERSONA_SANITIZE STREQUAL "address")
      target_compile_options(${library} PRIVATE -fno-sanitize=undefined)
    endif()
  endforeach()
endfunction()
persona_add_whisper()

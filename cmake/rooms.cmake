# persona_room(NAME LINK lib... ): the library of src/NAME from all its .cpp files.
# persona_tests(NAME SOURCES f... LINK lib...): a GoogleTest program, listed for ./dev test.
function(persona_room name)
  cmake_parse_arguments(ROOM "" "" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(persona_${name} STATIC ${sources})
  set_target_properties(persona_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(persona_${name} PUBLIC persona_flags ${ROOM_LINK})
endfunction()

function(persona_tests name)
  cmake_parse_arguments(TESTS "" "" "SOURCES;LINK" ${ARGN})
  add_executable(test_${name} ${TESTS_SOURCES})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE persona_flags ${TESTS_LINK} GTest::gmock GTest::gtest_main)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND test_${name})
endfunction()

# Every dependency is found by one file of its own; the reason for each stands in docs/adr/.
file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/deps/*.cmake)
foreach(file IN LISTS files)
  include(${file})
endforeach()

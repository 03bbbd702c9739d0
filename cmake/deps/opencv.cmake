# OpenCV 4.6: core and imgproc alone. Debian's CMake package comes with all of it, and its imgcodecs drags in GDAL and sixty libraries.
find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
find_library(OPENCV_CORE opencv_core REQUIRED)
find_library(OPENCV_IMGPROC opencv_imgproc REQUIRED)
add_library(persona_opencv INTERFACE)
target_include_directories(persona_opencv SYSTEM INTERFACE ${OPENCV_INCLUDE})
target_link_libraries(persona_opencv INTERFACE ${OPENCV_CORE} ${OPENCV_IMGPROC})

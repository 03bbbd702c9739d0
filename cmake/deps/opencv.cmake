# OpenCV 4.6 (docs/adr/0029-enhancement.md): its core and imgproc alone. Debian's own CMake files ask for all of its sixty modules, and
# imgcodecs would bring GDAL into the process.
find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
find_library(OPENCV_CORE opencv_core REQUIRED)
find_library(OPENCV_IMGPROC opencv_imgproc REQUIRED)
add_library(persona_opencv INTERFACE)
target_include_directories(persona_opencv SYSTEM INTERFACE ${OPENCV_INCLUDE})
target_link_libraries(persona_opencv INTERFACE ${OPENCV_IMGPROC} ${OPENCV_CORE})

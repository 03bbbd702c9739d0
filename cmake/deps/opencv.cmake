# Pixels: resizing, colours, filters. Found part by part and never by OpenCVConfig.cmake, which asks for all of OpenCV; its readers of
# files (imgcodecs, videoio) stay out, with the sixty libraries they bring.
find_path(OPENCV_INCLUDE opencv2/imgproc.hpp PATH_SUFFIXES opencv4 REQUIRED)
find_library(OPENCV_CORE opencv_core REQUIRED)
find_library(OPENCV_IMGPROC opencv_imgproc REQUIRED)
add_library(persona_opencv INTERFACE)
target_include_directories(persona_opencv SYSTEM INTERFACE ${OPENCV_INCLUDE})
target_link_libraries(persona_opencv INTERFACE ${OPENCV_CORE} ${OPENCV_IMGPROC})

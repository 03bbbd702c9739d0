# Asio (coroutines), Beast, JSON, URL, Describe. Asio is compiled once, in src/async/asio.cpp.
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(Threads REQUIRED)
add_library(persona_boost INTERFACE)
target_link_libraries(persona_boost INTERFACE Boost::headers Boost::json Boost::url Threads::Threads)
target_compile_definitions(persona_boost INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ALL_NO_LIB)

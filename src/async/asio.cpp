// Asio is compiled here once for the whole program (BOOST_ASIO_SEPARATE_COMPILATION).
#pragma clang diagnostic ignored "-Weverything"
#include <boost/asio/impl/src.hpp>

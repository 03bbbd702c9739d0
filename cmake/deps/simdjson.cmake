find_package(simdjson REQUIRED)

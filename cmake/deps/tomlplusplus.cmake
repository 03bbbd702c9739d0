find_package(tomlplusplus REQUIRED)

find_package(CURL 7.88 REQUIRED)

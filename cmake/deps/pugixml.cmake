# The parts of .docx.
find_package(pugixml REQUIRED)

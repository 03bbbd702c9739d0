# Snowball stems of the local text engine.
find_path(STEMMER_INCLUDE libstemmer.h REQUIRED)
find_library(STEMMER_LIBRARY stemmer REQUIRED)
add_library(persona_stemmer INTERFACE)
target_include_directories(persona_stemmer SYSTEM INTERFACE ${STEMMER_INCLUDE})
target_link_libraries(persona_stemmer INTERFACE ${STEMMER_LIBRARY})

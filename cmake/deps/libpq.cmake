find_package(PostgreSQL 15 REQUIRED)

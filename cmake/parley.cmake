# How every target of Parley is built: one language level, one set of warnings, one way to declare a folder.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(PARLEY_WERROR "Treat warnings as errors" OFF)
option(PARLEY_PCH "Precompile the headers of Beast and CAF" ON)
set(PARLEY_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# ccache sees through precompiled headers only with this. It may not ignore when a header was changed: one that is
# edited while it is compiled would leave an object in the cache that nobody can explain.
find_program(PARLEY_CCACHE ccache)
if(PARLEY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
                                  ${PARLEY_CCACHE})
endif()

find_program(PARLEY_MOLD mold)
if(PARLEY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(Protobuf REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx)
find_library(PARLEY_CAF_CORE caf_core REQUIRED)

add_library(parley_options INTERFACE)
target_compile_options(parley_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                                -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers -fno-plt)
if(PARLEY_WERROR)
  target_compile_options(parley_options INTERFACE -Werror)
endif()
if(PARLEY_SANITIZE)
  add_compile_options(-fsanitize=${PARLEY_SANITIZE} -fno-omit-frame-pointer -g1)
  # These look at every pointer that is followed and double the time of compiling; the address sanitizer stops at a
  # null or dangling one all the same.
  if(PARLEY_SANITIZE MATCHES "address")
    add_compile_options(-fno-sanitize=null,alignment,vptr,object-size)
  endif()
  # gcc's own documentation: sanitizers make this warning cry wolf.
  target_compile_options(parley_options INTERFACE -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${PARLEY_SANITIZE})
endif()
target_link_libraries(parley_options INTERFACE Threads::Threads)

# Boost.JSON and Asio are compiled once, in boost_impl.cpp of core and net.
add_library(parley_boost INTERFACE)
target_link_libraries(parley_boost INTERFACE Boost::headers)
target_compile_definitions(parley_boost INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                  BOOST_ASIO_NO_DEPRECATED)

# parley_library(<folder> SOURCES ... LINK ... PRIVATE_LINK ...): the library of one folder, parley::<folder>.
function(parley_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(parley_${name} STATIC ${arg_SOURCES})
  add_library(parley::${name} ALIAS parley_${name})
  target_include_directories(parley_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include)
    target_include_directories(parley_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include)
  endif()
  target_link_libraries(parley_${name} PUBLIC parley_options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
endfunction()

# parley_protobuf(<target> <file.proto>...): a library of what protoc makes of them, included as <target/file.pb.h>. It is
# not our code, so it is compiled without our warnings.
function(parley_protobuf target)
  set(made ${CMAKE_BINARY_DIR}/protobuf/${target})
  file(MAKE_DIRECTORY ${made})
  set(sources "")
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME_WLE)
    add_custom_command(OUTPUT ${made}/${name}.pb.cc ${made}/${name}.pb.h
      COMMAND protobuf::protoc --cpp_out=${made} --proto_path=${CMAKE_CURRENT_SOURCE_DIR} ${file}
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file} VERBATIM)
    list(APPEND sources ${made}/${name}.pb.cc)
  endforeach()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/protobuf)
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf-lite Threads::Threads)
endfunction()

# parley_precompile(<target> <header>...): precompiles headers of a library that is slow to compile.
function(parley_precompile target)
  if(PARLEY_PCH)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # ccache needs the preprocessor output of a precompiled header to be complete.
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# parley_test(<name> SOURCES ... LINK ... [LABELS ...]): a doctest program and its ctest entry.
function(parley_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES} $<TARGET_OBJECTS:parley_test_main>)
  target_link_libraries(${name} PRIVATE parley_options ${arg_LINK})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  # A third of what a test costs to compile is doctest and the standard library.
  parley_precompile(${name} <doctest/doctest.h> <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set>
                    <string> <string_view> <variant> <vector> <fmt/format.h>)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
endfunction()

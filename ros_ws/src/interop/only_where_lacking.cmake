# Sets UNDERLAY_HAS_PACKAGE when a workspace below this one already offers the package.
# These folders hold only the types that Handiwork uses: built over a complete package, they would hide the rest.
set(UNDERLAY_HAS_PACKAGE FALSE)
string(REPLACE ":" ";" underlay_prefixes "$ENV{AMENT_PREFIX_PATH}")
foreach(prefix IN LISTS underlay_prefixes)
  if(NOT prefix STREQUAL CMAKE_INSTALL_PREFIX
      AND EXISTS "${prefix}/share/${PROJECT_NAME}/cmake/${PROJECT_NAME}Config.cmake")
    message(STATUS "${PROJECT_NAME} is in ${prefix}: nothing to build here")
    set(UNDERLAY_HAS_PACKAGE TRUE)
  endif()
endforeach()

# With HANDIWORK_PYTHON_ONLY, which use_wheels.py sets, no C++ headers and type supports are made:
# the nodes are Python, and C++ would take two thirds of the build.
if(HANDIWORK_PYTHON_ONLY)
  list(FILTER AMENT_EXTENSIONS_rosidl_generate_idl_interfaces EXCLUDE REGEX "_cpp:")
endif()

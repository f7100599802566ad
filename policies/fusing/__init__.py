"""OpenVINO with code that it fuses from many operations, where it survives that. Without torch."""

"""The innovation-pilot programme (a later release); the package fixes where it will stand."""

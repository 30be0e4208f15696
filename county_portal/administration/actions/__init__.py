"""Acts that reach across the apps, and those on what administration itself keeps."""

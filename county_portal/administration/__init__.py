"""Administration across the apps: handing over work, regions, holidays, notices, texts."""

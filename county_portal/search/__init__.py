"""Counties, indicators, documents and measures found by name, pinyin and initials."""

"""The one results table: rows, vocabulary, formats, members, files, differences, structural checks."""

"""From a ward's spreadsheet to a complete, checked, citable retrospective study."""

__version__ = "0.1.0"

"""The record: what the hospital wrote down, read, cleaned and checked. Knows no statistics."""

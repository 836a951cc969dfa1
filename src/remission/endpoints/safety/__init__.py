"""Adverse events: grades from what was measured, terms under one name, and what happened to each patient or cycle."""

"""What every room may use: errors, findings, days, strict settings, provenance. Imports nothing of ours."""

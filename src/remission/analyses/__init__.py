"""Where the record meets statistics: each analysis of study.toml becomes rows of the results table."""

"""The numbers of a study in R: the script and the table it reads."""

from remission.emit_study_r.script import write_study_script

__all__ = ["write_study_script"]

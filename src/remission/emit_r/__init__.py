"""The same numbers in R: the script of a call of `survival`, and the rows saved for `remission verify`."""

from remission.emit_r.not_repeated import REASONS, reason_of
from remission.emit_r.saved import FORMAT, SCRIPT, TIMES, write_saved
from remission.emit_r.script import write_script

__all__ = ["FORMAT", "REASONS", "SCRIPT", "TIMES", "reason_of", "write_saved", "write_script"]

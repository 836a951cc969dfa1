"""Made-up wards: patients that do not exist, at published rates, clean or with the mistakes wards make."""

from __future__ import annotations

from remission.synth.make import Asked, Made, write_ward

__all__ = ["Asked", "Made", "write_ward"]

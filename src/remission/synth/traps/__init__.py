"""The mistakes wards make, one by one: what each is, where it can be made, and what a finding should say of it."""

from __future__ import annotations

from remission.synth.traps.dates import DATES
from remission.synth.traps.days import DAYS
from remission.synth.traps.look import LOOK
from remission.synth.traps.people import PEOPLE
from remission.synth.traps.rows import ROWS
from remission.synth.traps.sense import SENSE
from remission.synth.traps.trap import Trap
from remission.synth.traps.values import VALUES

# mistakes that few patients can have come first, so that these patients are not used up by others
TRAPS: tuple[Trap, ...] = tuple(
    sorted((*DAYS, *SENSE, *PEOPLE, *VALUES, *DATES, *LOOK, *ROWS), key=lambda trap: trap.order)
)
BY_NAME = {trap.name: trap for trap in TRAPS}

"""`python -m remission` is the command `remission`."""

import sys

from remission.cli import main

sys.exit(main())

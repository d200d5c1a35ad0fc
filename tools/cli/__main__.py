"""Where `./nacre` enters Python."""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("nacre: python3 is older than 3.11")
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from cli.main import main  # noqa: E402

sys.exit(main())

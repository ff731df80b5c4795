"""`python -m docs > .env.example` writes that file anew."""

import sys

from docs import env_example

sys.stdout.write(env_example())

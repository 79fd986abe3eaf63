"""`python -m bench.seed PRODUCTS RETAILERS` on the database of DATABASE_URL."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")
    django.setup()
    from bench.seed.marketplace import fill

    fill(int(sys.argv[1]), int(sys.argv[2]))

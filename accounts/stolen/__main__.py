"""Make the list anew: `python -m accounts.stolen`, where the package zxcvbn is installed beside AQAD's own.

Its 30,000 most frequent passwords (from public leaks; zxcvbn is under the MIT licence) and Django's 20,000
(BSD), as far as they are long enough to be taken at all.
"""

import gzip
from importlib import import_module
from pathlib import Path

from django.contrib.auth import password_validation

from accounts.stolen.packing import pack

SHORTEST = 8
LIST = Path(__file__).with_name("passwords.bin")


def main() -> None:
    lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS

    folder = Path(password_validation.__file__).parent
    with gzip.open(folder / "common-passwords.txt.gz", "rt") as file:
        known = {line.strip().casefold() for line in file}
    known |= {password.casefold() for password in lists["passwords"]}
    LIST.write_bytes(pack(password for password in known if len(password) >= SHORTEST))


if __name__ == "__main__":
    main()

"""Fetch the pages' assets of other people: `python -m aqad.vendor_assets`; needs npm and development tools.

Each package is pinned by version and by the sha512 of its archive, taken from the package registry that npm
is set up for, and only what the pages need is kept, each with its licence. The result is committed, so that
running AQAD needs none of this.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
BROWSER_TESTS = ROOT / "tests" / "browser" / "vendor"
FONT_TOOLS = "fonttools[woff]==4.60.1"


@dataclass(frozen=True)
class Package:
    """`files` maps a target to the files of the package it is made of, one after the other."""

    name: str
    version: str
    sha512: str
    folder: Path
    files: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Font:
    """A cut of a font to the characters AQAD writes.

    The cut has a family name of its own: the licence reserves the name of the original.
    """

    family: str
    characters: str


LATIN = "U+0020-007E,U+00A0-00FF,U+2013,U+2014,U+2018-201E,U+2022,U+2026,U+20AC,U+2190-2193,U+2212"
ARABIC = (
    "U+060C,U+061B,U+061F,U+0621-063A,U+0640-0652,U+0660-066C,U+0670,U+0671,U+067E,U+0686,U+0698,"
    "U+06A4,U+06A9,U+06AF,U+06CC,U+200C-200F"
)
FONTS = {
    "sans-400.woff2": Font("AQAD Sans", LATIN),
    "sans-600.woff2": Font("AQAD Sans", LATIN),
    "arabic-400.woff2": Font("AQAD Sans Arabic", ARABIC),
    "arabic-600.woff2": Font("AQAD Sans Arabic", ARABIC),
}

PACKAGES = (
    Package(
        "bootstrap",
        "5.3.9",
        "20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w==",
        VENDOR / "bootstrap",
        {
            "bootstrap.css": ("dist/css/bootstrap-reboot.min.css", "dist/css/bootstrap-grid.min.css"),
            "bootstrap.rtl.css": (
                "dist/css/bootstrap-reboot.rtl.min.css",
                "dist/css/bootstrap-grid.rtl.min.css",
            ),
            "LICENSE": ("LICENSE",),
        },
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        VENDOR / "htmx",
        {"htmx.js": ("dist/htmx.min.js",), "LICENSE": ("LICENSE",)},
    ),
    Package(
        "chart.js",
        "4.6.1",
        "hJyniucsFmq//EvXYvJ6c6mahPoI3kaxdjVH8awTaJ/fDNWeSqqqArixMJWkWNN6fcYvPU3HneSANFNYtRi61g==",
        VENDOR / "chart",
        {"chart.js": ("dist/chart.umd.min.js",), "LICENSE": ("LICENSE.md",)},
    ),
    Package(
        "@fontsource/ibm-plex-sans",
        "5.3.0",
        "CbE4CbbEEZJX860XyUiRpsksXIQR8Rp2XDva2VO53NJox9tVNtusrysd2x5YkUEY3ErQ66W1IiiQL8/wihhw5w==",
        VENDOR / "plex",
        {
            "sans-400.woff2": ("files/ibm-plex-sans-latin-400-normal.woff2",),
            "sans-600.woff2": ("files/ibm-plex-sans-latin-600-normal.woff2",),
            "LICENSE-sans": ("LICENSE",),
        },
    ),
    Package(
        "@fontsource/ibm-plex-sans-arabic",
        "5.3.0",
        "ZZ4g+JDgQY0NqSh4o0MNWU1sHQmtcee1g++aKAwyJvZxnT5y51JXsN1cIXnaQaMd40dcbK6QFYa+Z1LbaiNuqA==",
        VENDOR / "plex",
        {
            "arabic-400.woff2": ("files/ibm-plex-sans-arabic-arabic-400-normal.woff2",),
            "arabic-600.woff2": ("files/ibm-plex-sans-arabic-arabic-600-normal.woff2",),
            "LICENSE-arabic": ("LICENSE",),
        },
    ),
    Package(
        "axe-core",
        "4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        BROWSER_TESTS / "axe",
        {"axe.js": ("axe.min.js",), "LICENSE": ("LICENSE",)},
    ),
)

# Run by a Python that has fonttools, in an environment of its own: nothing else here needs them.
_CUT = """
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

path, family, characters = sys.argv[1:]
options = subset.Options()
options.parse_opts(["--no-hinting", "--layout-features=*", "--name-IDs=*"])
font = TTFont(path)
cutter = subset.Subsetter(options)
cutter.populate(unicodes=subset.parse_unicodes(characters))
cutter.subset(font)
for record in font["name"].names:
    if record.nameID in (1, 3, 4, 6, 16):
        record.string = family.replace(" ", "") if record.nameID == 6 else family
font.flavor = "woff2"
font.save(path)
"""


def main() -> None:
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            _keep(package, _fetch(package, Path(folder)))


def _fetch(package: Package, folder: Path) -> Path:
    """The package unpacked; ends the program if it is not the archive that was pinned."""
    command = [
        "npm",
        "pack",
        "--silent",
        "--pack-destination",
        str(folder),
        f"{package.name}@{package.version}",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("*.tgz"))
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.sha512:
        sys.exit(f"{package.name} {package.version} is not what was pinned: its sha512 is {digest}")
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    return folder / "package"


def _keep(package: Package, unpacked: Path) -> None:
    package.folder.mkdir(parents=True, exist_ok=True)
    for target, sources in package.files.items():
        content = b"\n".join(_clean(unpacked / source) for source in sources)
        path = package.folder / target
        path.write_bytes(content)
        if font := FONTS.get(target):
            tool = [sys.executable, "-m", "uv", "run", "--no-project", "--with", FONT_TOOLS, "python", "-c"]
            subprocess.run([*tool, _CUT, str(path), font.family, font.characters], check=True)


def _clean(path: Path) -> bytes:
    """The file without its pointer to a source map, which is not kept."""
    content = path.read_bytes()
    if path.suffix in {".css", ".js"}:
        content = re.sub(rb"(?m)^(//|/\*)# sourceMappingURL=.*$", b"", content).rstrip() + b"\n"
    return content


if __name__ == "__main__":
    main()

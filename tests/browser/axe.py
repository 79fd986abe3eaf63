"""axe-core, which finds what people with a screen reader, a keyboard or weak eyes would stumble over."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SOURCE = Path(__file__).parent / "vendor" / "axe" / "axe.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# One row of a list is like another, and a hundred of them take seconds.
_MORE_OF_THE_SAME = [".products > li:nth-child(n+5)", "tbody > tr:nth-child(n+6)"]
_RUN = """
async ([tags, skipped]) => {
  // Preloading copies sheets with an @import into a <style>, which the content policy forbids.
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false };
  const found = await axe.run({ exclude: skipped.map((each) => [each]) }, options);
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`),
  }));
}
"""


def violations(page: Page) -> list[str]:
    """What the page breaks of WCAG 2.2 A and AA, one line each, with the first places of each."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(_SOURCE.read_text())
    found: list[dict[str, Any]] = page.evaluate(_RUN, [STANDARD, _MORE_OF_THE_SAME])
    return [f"{each['id']}: {each['help']}: {'; '.join(each['nodes'][:4])}" for each in found]

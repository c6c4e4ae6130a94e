"""Looking at a page for everybody: axe in it, told to look once at what is the same.

axe asks about contrast of every word, and builds a map of the page for it. But what is written in
the same colours, size and weight on the same grounds is as readable here as there. So of each such
look some are marked, and what axe has decided of one is remembered, in light and in dark, as long
as the page's window lives.
"""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What other colours can change, and what another screen can; all other rules read the page alone.
COLOURS = ["color-contrast", "link-in-text-block"]
SIZES = ["target-size"]
OPEN = """() => {
    const clear = "rgba(0, 0, 0, 0)", tries = 3, known = {light: new Set(), dark: new Set()};
    const MARKED = ' data-alone=""';
    axe.configure({rules: [{id: "color-contrast", selector: "[data-alone]"}]});

    const groundsOf = (each, grounds) => {
        if (!each) return "";
        if (!grounds.has(each)) {
            const its = getComputedStyle(each), own = [];
            if (its.backgroundColor !== clear) own.push(its.backgroundColor);
            if (its.backgroundImage !== "none") own.push(its.backgroundImage);
            if (its.opacity !== "1") own.push(its.opacity);
            grounds.set(each, [...own, groundsOf(each.parentElement, grounds)].join("; "));
        }
        return grounds.get(each);
    };
    const mark = (decided) => {
        const grounds = new Map(), looks = new Map(), alike = new Map();
        for (const each of document.body.querySelectorAll("*")) {
            const says = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
            if (!says && !each.matches("input, select, textarea, a, button")) continue;
            const its = getComputedStyle(each);
            const look = [each.tagName, its.color, its.fontSize, its.fontWeight, its.textShadow,
                groundsOf(each, grounds)].join();
            const before = alike.get(look) ?? 0;
            if (decided.has(look) || before >= tries || !each.checkVisibility()) continue;
            alike.set(look, before + 1);
            looks.set(each, look);
            each.dataset.alone = "";
        }
        return looks;
    };
    window.eyes = async (only) => {
        const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
        const decided = known[isDark ? "dark" : "light"], looks = mark(decided);
        const results = await axe.run(document, {
            runOnly: only, preload: false, selectors: false, performanceTimer: false,
            reporter: (raw, _options, done) => done(raw),
        });
        const contrast = results.find(rule => rule.id === "color-contrast");
        for (const node of [...contrast.passes, ...contrast.violations])
            decided.add(looks.get(node.node.element));
        for (const each of looks.keys()) delete each.dataset.alone;
        return results.flatMap(rule => rule.violations.map(node =>
            `${rule.id}: ${rule.help}: ${node.node.source.replace(MARKED, "").slice(0, 200)}`));
    };
}"""


def look(page: Page, only: list[str] = EVERYTHING) -> list[str]:
    """Return every breach that axe finds on this page as it stands, by these rules or tags."""
    if not page.evaluate("'eyes' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(OPEN)
    found: list[str] = page.evaluate("only => eyes(only)", only)
    return found

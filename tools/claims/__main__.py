import argparse
import sys

import tools.claims
from tools.claims import bound, draft, pages

parser = argparse.ArgumentParser(description=tools.claims.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("pages", nargs="*", help="the start of a page's name: 06, errata, home")
parser.add_argument("--draft", action="store_true", help="write the sidecar; entries that are there are kept")
args = parser.parse_args()

failed = False
for path in map(pages.find, args.pages):
    if args.draft:
        draft.draft(path)
    found = bound.problems(path)
    print("\n".join(found) or f"{path.stem}: {bound.HOLDS}")
    failed |= bool(found)
sys.exit(failed)

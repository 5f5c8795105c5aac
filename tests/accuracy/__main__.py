"""Run the battery.

docker/joulestack python -m tests.accuracy                    # all at "normal"
docker/joulestack python -m tests.accuracy --level fine cccv pulses
"""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path

from joulestack.errors import JoulestackError
from tests.accuracy import report
from tests.accuracy.battery import CASES
from tests.accuracy.level import Level
from tests.accuracy.record import ALLOWED


def main() -> int:
    """Run what is asked for; 1 where a figure misses its limit, or a case fails."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.accuracy", description="Run the accuracy battery."
    )
    parser.add_argument(
        "names", nargs="*", metavar="case", help="these only; a part of a name does"
    )
    parser.add_argument("--level", nargs="+", choices=[*ALLOWED], default=["normal"])
    parser.add_argument("--quick", action="store_true", help="the part that is in the suite")
    parser.add_argument("--to", type=Path, default=Path("results/battery"), help="folder of tables")
    parser.add_argument("--list", action="store_true", help="say what there is")
    args = parser.parse_args()
    chosen = [
        case
        for case in CASES.values()
        if (case.quick or not args.quick)
        and (not args.names or any(part in case.name for part in args.names))
    ]
    if not chosen:
        parser.error("no case has such a name; --list says what there is")
    if args.list:
        report.listed(chosen)
        return 0
    found: list[report.Row] = []
    for accuracy in args.level:
        for case in chosen:
            try:
                outcome = case.run(Level(accuracy))
            except (JoulestackError, AssertionError) as error:
                traceback.print_exc(limit=2)
                found.append(report.Row(case, accuracy, None, str(error)))
            else:
                found.append(report.Row(case, accuracy, outcome))
            report.told(found[-1])
            report.written(found, args.to)
    report.shown(found)
    return 0 if all(row.met for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())

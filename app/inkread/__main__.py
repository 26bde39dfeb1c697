"""``python -m inkread`` and the command ``inkread``."""

import sys


def main() -> int:
    """Run the program; Ctrl-C is quiet even while it is imported."""
    try:
        from inkread.cli import main as run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

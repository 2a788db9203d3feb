"""Run aiguard as `python -m aiguard`."""

from aiguard.cli import main

if __name__ == "__main__":
    main()

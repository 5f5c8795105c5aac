"""python -m joulestack."""

from joulestack.cli import main

if __name__ == "__main__":
    main()

"""python -m joulestack."""

from joulestack.cli.main import main

if __name__ == "__main__":
    main()

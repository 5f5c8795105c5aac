"""python -m joulestack."""

from joulestack import interruption

if __name__ == "__main__":
    with interruption.listening():
        try:
            from joulestack.cli.main import main
        except KeyboardInterrupt as error:
            interruption.end(error)
        main()

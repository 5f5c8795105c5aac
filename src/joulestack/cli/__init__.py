"""The command line: words to calls, errors to exit codes. Nothing is computed here."""

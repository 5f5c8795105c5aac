"""Tables of numbers from people's files: encodings, headers with units, exports of cyclers.

`reading.read` is the one way from a file to columns in SI; what it had to decide, it tells.
"""

"""What `joulestack materials` prints and draws: tables and pictures of materials.

Nothing that a run needs.
"""

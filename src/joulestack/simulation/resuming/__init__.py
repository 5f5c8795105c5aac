"""What a run that was cut off goes on from: checkpoints, and all that they hold.

What has to be remembered is declared where it is kept (`REMEMBERS` of a class); here it is written
and put back.
"""

"""What a run leaves behind: fields for ParaView, time series, summary, plots, log; and its reading.

Here: formats and pictures. Not here: what is measured (`simulation.observe`).
"""

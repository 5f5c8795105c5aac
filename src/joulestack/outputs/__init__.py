"""What a run leaves behind: fields for ParaView, time series, summary, plots, log."""

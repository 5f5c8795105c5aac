"""[impedance], [polarisation] and [thermal_wave]."""

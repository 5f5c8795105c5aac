"""Virtual measurements: impedance, polarisation, titration, thermal waves."""

"""[[interfaces]]: contacts, kinetics of metals, voids."""

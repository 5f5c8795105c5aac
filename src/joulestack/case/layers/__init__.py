"""[materials]: how layers were made, checked and fabricated."""

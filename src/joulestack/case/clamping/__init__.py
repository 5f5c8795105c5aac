"""[cell.fixture] and stack pressure: values, tables, maps."""

"""Makes l_pouch.msh from l_pouch.geo with gmsh (Debian: python3-gmsh)."""

from __future__ import annotations

from pathlib import Path

import gmsh

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Mesh and save; only named volumes and surfaces are kept."""
    gmsh.initialize(readConfigFiles=False)
    gmsh.option.setNumber("General.Terminal", 0)
    gmsh.option.setNumber("General.NumThreads", 1)
    gmsh.open(str(HERE / "l_pouch.geo"))
    gmsh.model.mesh.generate(3)
    gmsh.option.setNumber("Mesh.MshFileVersion", 4.1)
    gmsh.option.setNumber("Mesh.SaveParametric", 0)
    gmsh.write(str(HERE / "l_pouch.msh"))
    gmsh.finalize()


if __name__ == "__main__":
    main()

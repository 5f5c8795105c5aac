// L-shaped pouch cell: Cu | Li | separator | cathode | Al, one tab on each collector.
// Lengths in mm: set mesh.scale = 1e-3 in the case. Hexahedra by extrusion of quadrilaterals.
// Remake the mesh with: python3 meshes/make_l_pouch.py
SetFactory("Built-in");

size = 4;                                   // in-plane size of the cells
thickness() = {0.010, 0.020, 0.040, 0.080, 0.015};
cells()     = {1, 2, 4, 4, 1};
lower = 0.150;                              // z of the Al: sum of the layers under it
radius = 8;                                 // of the inner corner

Point(1)  = {0, 0, 0, size};
Point(2)  = {60, 0, 0, size};
Point(3)  = {60, 6, 0, size};               // Al tab from here
Point(4)  = {60, 18, 0, size};              // to here
Point(5)  = {60, 25, 0, size};
Point(6)  = {35 + radius, 25, 0, size};
Point(7)  = {35 + radius, 25 + radius, 0, size};
Point(8)  = {35, 25 + radius, 0, size};
Point(9)  = {35, 50, 0, size};
Point(10) = {22, 50, 0, size};              // Cu tab from here
Point(11) = {10, 50, 0, size};              // to here
Point(12) = {0, 50, 0, size};
Point(13) = {22, 58, 0, size};
Point(14) = {10, 58, 0, size};
Point(15) = {68, 6, 0, size};
Point(16) = {68, 18, 0, size};

Line(1) = {1, 2};    Line(2) = {2, 3};    Line(3) = {3, 4};    Line(4) = {4, 5};
Line(5) = {5, 6};    Circle(6) = {6, 7, 8};                    Line(7) = {8, 9};
Line(8) = {9, 10};   Line(9) = {10, 11};  Line(10) = {11, 12}; Line(11) = {12, 1};
Line(12) = {10, 13}; Line(13) = {13, 14}; Line(14) = {14, 11};
Line(15) = {3, 15};  Line(16) = {15, 16}; Line(17) = {16, 4};
Curve Loop(1) = {1:11};           Plane Surface(1) = {1};      // footprint
Curve Loop(2) = {12, 13, 14, -9}; Plane Surface(2) = {2};      // Cu tab
Curve Loop(3) = {15, 16, 17, -3}; Plane Surface(3) = {3};      // Al tab, under its place
Recombine Surface{1, 2, 3};
Mesh.Algorithm = 8;
Mesh.RecombinationAlgorithm = 3;

// All three go up through all layers; only the parts named below are saved.
footprint = 1; below_cu_tab = 2; below_al_tab = 3;
For i In {0:4}
  out() = Extrude {0, 0, thickness(i)} { Surface{footprint}; Layers{cells(i)}; Recombine; };
  footprint = out(0); layer(i) = out(1);
  out() = Extrude {0, 0, thickness(i)} { Surface{below_cu_tab}; Layers{cells(i)}; Recombine; };
  below_cu_tab = out(0); cu(i) = out(1);
  out() = Extrude {0, 0, thickness(i)} { Surface{below_al_tab}; Layers{cells(i)}; Recombine; };
  below_al_tab = out(0); al(i) = out(1);
EndFor

Physical Volume("Cu") = layer(0);
Physical Volume("Li") = layer(1);
Physical Volume("separator") = layer(2);
Physical Volume("cathode") = layer(3);
Physical Volume("Al") = layer(4);
Physical Volume("Cu tab") = cu(0);
Physical Volume("Al tab") = al(4);

e = 1e-4;
cu_end() = Surface In BoundingBox{10 - e, 58 - e, -e, 22 + e, 58 + e, thickness(0) + e};
al_end() = Surface In BoundingBox{68 - e, 6 - e, lower - e, 68 + e, 18 + e, lower + thickness(4) + e};
outside() = CombinedBoundary{ Volume{layer(), cu(0), al(4)}; };
For i In {0:#outside() - 1}
  side(i) = Fabs(outside(i));
EndFor
side() -= {1, footprint, cu_end(), al_end()};
Physical Surface("bottom") = {1};
Physical Surface("top") = {footprint};
Physical Surface("tab_negative") = {cu_end()};
Physical Surface("tab_positive") = {al_end()};
Physical Surface("side") = {side()};

"""Packings and voxel images, and what they conduct: tables of effective properties.

Here: powders pressed particle by particle, images from files, the voxel solver in `conduction`. Not
here: the laws that use the tables (`fabrication.tabulated`).
"""

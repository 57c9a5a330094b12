"""Arithmetic of the indicators that SQL cannot chain: index decomposition of an intensity.

Knows no warehouse and no release: numbers in, numbers out.
"""

"""Estimates skew with pip ``deskew`` or jdeskew. Runs under the rivals' interpreter, not under ours.

PYTHON benchmarks/imaging_rivals.py NAME FILE...     prints "degrees cpu_seconds" a line a file
"""

from __future__ import annotations

import sys
import time

import cv2


def estimate(name: str, path: str) -> tuple[float, float]:
    """Return the angle in degrees, counter-clockwise positive, and the CPU's seconds."""
    image = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise SystemExit(f"{path} is no image")
    started = time.process_time()
    if name == "deskew":
        from deskew import determine_skew  # type: ignore[import-not-found,unused-ignore]

        angle = determine_skew(image)
        degrees = 0.0 if angle is None else -float(angle)
    else:
        from jdeskew.estimator import get_angle  # type: ignore[import-not-found,unused-ignore]

        degrees = -float(get_angle(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)))
    return degrees, time.process_time() - started


if __name__ == "__main__":
    cv2.setNumThreads(1)
    for file in sys.argv[2:]:
        print(*estimate(sys.argv[1], file))

"""What correspondence keeps: the letters of an inspection, and the employer's comments on its facts."""

from inspections.correspondence.models.accuracy import AccuracyPoint, AccuracyRound
from inspections.correspondence.models.letter import Correspondence

__all__ = ["AccuracyPoint", "AccuracyRound", "Correspondence"]

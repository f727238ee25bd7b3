"""A simulated England, in which it is known who under-reports and whose practice is poor. Pure.

``england`` makes one; ``baselines`` ranks it by simpler rules; ``oracle`` knows how it was made, though not
who is who, and shows what is attainable. Nothing that scores may import any of these. The figures that come
of it compare methods with each other: they forecast no real hit rate."""

"""What an employer does about a notice that was served on it, and what CQC answers: evidence of compliance,
more time, an appeal that it lodged; and what follows where it does not comply. The notice itself is below."""

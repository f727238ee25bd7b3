"""Questionnaires as an application of their own: they stand on inspections."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "inspections.questionnaires"
    label = "questionnaires"
    verbose_name = "Self-assessment questionnaires"

    def ready(self) -> None:
        from inspections.questionnaires.contributions import contribute

        contribute()

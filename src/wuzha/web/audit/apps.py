from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Pages and templates only; the tables of the log stand with the people."""

    name = "wuzha.web.audit"
    label = "audit"

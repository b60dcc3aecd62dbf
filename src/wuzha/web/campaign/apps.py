from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "wuzha.web.campaign"
    label = "campaign"
    default_auto_field = "django.db.models.BigAutoField"

from django.urls import URLPattern, path

from wuzha.web.campaign.views import plans as views

urlpatterns: list[URLPattern] = [
    path("plans/", views.list_plans, name="plans"),
    path("plans/upload/", views.upload_plan, name="plan-upload"),
    path("plans/<int:plan>/", views.show_plan, name="plan-review"),
    path("plans/<int:plan>/head/", views.mend_head, name="plan-head"),
    path("plans/<int:plan>/discard/", views.discard_draft, name="plan-discard"),
    path("plans/<int:plan>/accept-clear/", views.accept_clear, name="plan-accept-clear"),
    path("plans/<int:plan>/duties/new/", views.add_duty, name="plan-duty-new"),
    path("plans/<int:plan>/duties/<int:duty>/", views.mend_duty, name="plan-duty"),
    path("plans/<int:plan>/duties/<int:duty>/card/", views.show_card, name="plan-duty-card"),
    path("plans/<int:plan>/duties/<int:duty>/decide/", views.decide_duty, name="plan-duty-decide"),
    path("plans/<int:plan>/issue/", views.issue_plan, name="plan-issue"),
    path("plans/<int:plan>/plan.yaml", views.download_yaml, name="plan-yaml"),
    path("plans/<int:plan>/document/", views.download_document, name="plan-document"),
]

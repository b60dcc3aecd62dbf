from django.urls import URLPattern, path

from wuzha.web.campaign.views import plans as views
from wuzha.web.campaign.views import review
from wuzha.web.campaign.views.reveal import reveal_plan

urlpatterns: list[URLPattern] = [
    path("plans/", views.list_plans, name="plans"),
    path("plans/upload/", views.upload_plan, name="plan-upload"),
    path("plans/<int:plan>/", views.show_plan, name="plan-review"),
    path("plans/<int:plan>/head/", views.mend_head, name="plan-head"),
    path("plans/<int:plan>/discard/", views.discard_draft, name="plan-discard"),
    path("plans/<int:plan>/accept-clear/", review.accept_clear, name="plan-accept-clear"),
    path("plans/<int:plan>/duties/new/", review.add_duty, name="plan-duty-new"),
    path("plans/<int:plan>/duties/merge/", review.merge_duties, name="plan-merge"),
    path("plans/<int:plan>/duties/<int:duty>/", review.mend_duty, name="plan-duty"),
    path("plans/<int:plan>/duties/<int:duty>/card/", review.show_card, name="plan-duty-card"),
    path("plans/<int:plan>/duties/<int:duty>/decide/", review.decide_duty, name="plan-duty-decide"),
    path("plans/<int:plan>/duties/<int:duty>/answer/", review.answer_duty, name="plan-duty-answer"),
    path("plans/<int:plan>/duties/<int:duty>/split/", review.split_duty, name="plan-duty-split"),
    path("plans/<int:plan>/undo/", review.undo_change, name="plan-undo"),
    path("plans/<int:plan>/redo/", review.redo_change, name="plan-redo"),
    path("plans/<int:plan>/history/", review.show_history, name="plan-history"),
    path("plans/<int:plan>/issue/", views.issue_plan, name="plan-issue"),
    path("plans/<int:plan>/plan.yaml", views.download_yaml, name="plan-yaml"),
    path("plans/<int:plan>/contacts/", reveal_plan, name="plan-contacts"),
    path("plans/<int:plan>/document/", views.download_document, name="plan-document"),
]

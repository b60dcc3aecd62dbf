"""The addresses of people and units."""

from django.urls import include, path
from django.views.generic import RedirectView

from wuzha.web.accounts import job_urls, staff_views, views
from wuzha.web.accounts.signin import urls as signin

app_name = "accounts"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="campaign:today"), name="home"),
    path("", include(signin.urlpatterns)),
    path("me/", views.show_me, name="me"),
    path("units/", views.list_units, name="units"),
    path("units/<str:code>/", views.show_unit, name="unit"),
    path("units/<str:code>/people/", views.show_people, name="people"),
    path("me/post/", staff_views.choose_post, name="choose-post"),
    path("welcome/<str:link>/", staff_views.welcome, name="welcome"),
    path("people/import/", staff_views.upload_people, name="people-import"),
    path("people/import/preview/", staff_views.preview_people, name="people-preview"),
    path("people/import/confirm/", staff_views.confirm_people, name="people-confirm"),
    path("people/import/template.xlsx", staff_views.download_people_template, name="people-template"),
    path("units/<str:code>/people/give/", staff_views.give_post, name="give-post"),
    path("units/<str:code>/people/<int:number>/deputy/", staff_views.name_deputy, name="deputy"),
    path("units/<str:code>/people/<int:number>/leave/", staff_views.close_account, name="leave"),
    path("units/<str:code>/people/<int:number>/link/", staff_views.renew_link, name="renew-link"),
    path("units/<str:code>/people/<int:number>/end/", views.end_post, name="end-post"),
    path("units/<str:code>/change/<str:what>/", views.change_unit, name="change"),
    path("units/<str:code>/coming/<int:number>/withdraw/", views.withdraw_change, name="withdraw-change"),
    path("units/<str:code>/keys/", views.show_tokens, name="tokens"),
    path("units/<str:code>/keys/<int:number>/withdraw/", views.withdraw_token, name="withdraw-token"),
    path("roster/", views.upload_roster, name="roster"),
    path("roster/preview/", views.preview_roster, name="roster-preview"),
    path("roster/confirm/", views.confirm_roster, name="roster-confirm"),
    path("roster/template.xlsx", views.download_roster_template, name="roster-template"),
    *job_urls.urlpatterns,
]

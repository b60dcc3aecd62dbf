"""The addresses about personal data."""

from django.urls import path

from wuzha.web.personal import views

app_name = "personal"
urlpatterns = [
    path("people/<int:number>/phone/", views.show_phone, name="phone"),
    path("people/<int:number>/phone/change/", views.change_phone, name="change-phone"),
    path("people/<int:number>/data/", views.show_data, name="data"),
    path("personal/retention/", views.show_retention, name="retention"),
    path("personal/retention/<str:kind>/", views.change_days, name="change-days"),
    path("personal/holds/", views.show_holds, name="holds"),
    path("personal/holds/<int:number>/lift/", views.lift_hold, name="lift-hold"),
    path("personal/departures/<int:number>/", views.show_certificate, name="certificate"),
]

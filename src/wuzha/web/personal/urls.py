"""The addresses about personal data."""

from django.urls import path

from wuzha.web.personal import views

app_name = "personal"
urlpatterns = [
    path("people/<int:number>/phone/", views.show_phone, name="phone"),
    path("people/<int:number>/phone/change/", views.change_phone, name="change-phone"),
]

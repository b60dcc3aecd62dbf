"""The pages of the campaign room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show_today(request: HttpRequest) -> HttpResponse:
    return render(request, "campaign/today.html")

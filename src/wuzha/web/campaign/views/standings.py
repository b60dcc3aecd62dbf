"""Standings: what needs me today, who is behind, and a unit's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show_today(request: HttpRequest) -> HttpResponse:
    return render(request, "campaign/today.html")

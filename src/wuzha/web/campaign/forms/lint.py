"""The form by which a finding is let stand."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StandForm(forms.Form):
    """Why what was found is let stand. ``finding`` is its key within the plan."""

    finding = forms.CharField(max_length=120, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason for letting it stand"), max_length=200)

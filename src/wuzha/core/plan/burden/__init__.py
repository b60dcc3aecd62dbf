"""What a plan costs the units that bear it, in minutes a week, from what one record of each kind costs."""

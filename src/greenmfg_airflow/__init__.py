"""What Airflow itself must be able to import: warm scheduler, bell, callbacks, preparation.

A package beside the workshop, not in it: the workshop knows no Airflow, and `dags/` is not on the
import path of the scheduler and the triggerer.
"""

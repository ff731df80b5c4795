"""JUnit XML, which CI systems show: a test case for each metric."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from agent.present.words import seen
from evals.gating import GATED, Gate
from evals.report.tables import figure
from evals.runs import Run
from evals.runs.scoring import ALL_METRICS
from evals.statistics import Comparison, Resampling


def junit_of_run(run: Run, resampling: Resampling) -> str:
    """The run's metrics; all pass unless the run is invalid, which is an error of each and not a failure."""
    suite = Element("testsuite", name=run.manifest.name)
    estimates = run.estimates(resampling)
    for metric in ALL_METRICS:
        case = SubElement(suite, "testcase", classname=metric.family, name=metric.name)
        estimate = estimates[metric.name]
        if run.invalid_because:
            SubElement(case, "error", message=run.invalid_because)
        elif estimate.value is None:
            SubElement(case, "skipped", message="no card could be scored")
        else:
            SubElement(case, "system-out").text = f"{figure(estimate.value, metric.unit)}, {estimate.scored} cards"
    return _text(suite)


def junit_of_gate(gate: Gate, name: str) -> str:
    """The gate's metrics: a failure for each that is worse, an error for an invalid run."""
    suite = Element("testsuite", name=name)
    if gate.outcome == "invalid":
        SubElement(SubElement(suite, "testcase", classname=GATED, name="run"), "error", message=gate.why)
    for row in gate.comparisons:
        case = SubElement(suite, "testcase", classname=GATED, name=row.metric.name)
        told = _told(row)
        if row in gate.worse:
            SubElement(case, "failure", message=told)
        elif row.p is None:
            SubElement(case, "skipped", message=f"{row.clusters} independent articles are too few to judge by")
        else:
            SubElement(case, "system-out").text = told + (", undecided" if row in gate.undecided else "")
    return _text(suite)


def _told(row: Comparison) -> str:
    unit = row.metric.unit
    return f"{figure(row.a, unit)} to {figure(row.b, unit)} ({row.verdict})"


def _text(suite: Element) -> str:
    cases = list(suite)
    for kind in ("failure", "error", "skipped"):
        suite.set(
            {"failure": "failures", "error": "errors", "skipped": "skipped"}[kind], str(sum(case.find(kind) is not None for case in cases))
        )
    suite.set("tests", str(len(cases)))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + seen(tostring(suite, encoding="unicode")) + "\n"

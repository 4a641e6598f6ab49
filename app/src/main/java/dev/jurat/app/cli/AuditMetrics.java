package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.SuspectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What an audit has come to, for machines: a file in Prometheus's text format (version 0.0.4), replaced whole after each round, as a node exporter reads it from a
 * folder of such files. Anybody on this machine may read it: it says no more than the log's public part.
 *
 * @param report what was found so far
 * @param reachable whether the log answered this time
 * @param seconds when it last answered, in seconds since 1970; 0 before it did
 */
record AuditMetrics(AuditReport report, boolean reachable, long seconds) {
    void write(Path file) throws IOException {
        PrivateFiles.writeOpen(file, text().getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return gauge("jurat_audit_log_leaves", "Leaves that the log's checkpoint has.", report.size())
                + gauge("jurat_audit_judged_leaves", "Leaves that were judged.", report.leaves())
                + gauge(
                        "jurat_audit_defects",
                        "Defects that were found so far; anything but 0 is an alarm.",
                        report.defectCount())
                + gauge(
                        "jurat_audit_key_successions",
                        "Keys that have followed others, by rotation or recovery.",
                        report.successions())
                + gauge(
                        "jurat_audit_suspect_keys",
                        "Keys that were reported with a boundary.",
                        report.suspects().size())
                + gauge(
                        "jurat_audit_suspect_records",
                        "Records that rest on such a key from its boundary on.",
                        report.suspects().stream()
                                .mapToLong(SuspectKey::records)
                                .sum())
                + gauge("jurat_audit_reachable", "Whether the log answered.", reachable ? 1 : 0)
                + gauge("jurat_audit_answered_seconds", "When it last answered, in seconds since 1970.", seconds);
    }

    private String gauge(String name, String help, long value) {
        String label =
                report.origin().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n" + name + "{log=\"" + label + "\"} "
                + value + "\n";
    }
}

package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.SuspectKey;
import dev.jurat.proof.record.SignerType;
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
                + successions()
                + gauge(
                        "jurat_audit_suspect_keys",
                        "Keys that were reported to be in other hands.",
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

    private String successions() {
        String name = "jurat_audit_key_successions";
        StringBuilder text = new StringBuilder(head(name, "Keys that have followed others, by rotation or recovery."));
        for (SignerType type : SignerType.values()) {
            long count = report.successions().getOrDefault(type, 0L);
            text.append(name)
                    .append("{log=\"" + label() + "\",signer=\"" + type.wire() + "\"} ")
                    .append(count)
                    .append('\n');
        }
        return text.toString();
    }

    private String gauge(String name, String help, long value) {
        return head(name, help) + name + "{log=\"" + label() + "\"} " + value + "\n";
    }

    private static String head(String name, String help) {
        return "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n";
    }

    private String label() {
        return report.origin().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}

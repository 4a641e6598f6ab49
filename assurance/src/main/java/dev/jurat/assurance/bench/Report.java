package dev.jurat.assurance.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Lines of figures, printed as they are found. */
final class Report {
    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        out.println();
        out.println(text);
    }

    void line(String name, String value) {
        out.printf("  %-58s %s%n", name, value);
        out.flush();
    }

    void line(String name, double value, String unit) {
        line(name, String.format(Locale.ROOT, "%.2f %s", value, unit));
    }
}

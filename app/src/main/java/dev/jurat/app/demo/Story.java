package dev.jurat.app.demo;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tells what happens, step by step, and keeps for each what was expected and what was seen. Not thread-safe. */
final class Story {
    private final PrintStream out;
    private final boolean colours;
    private final List<Step> steps = new ArrayList<>();

    private record Step(String name, String expected, String seen) {
        boolean asExpected() {
            return expected.equals(seen);
        }
    }

    Story(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void heading(String text) {
        out.println();
        out.println(colours ? "\u001b[1m" + text + "\u001b[0m" : text);
    }

    void say(String text) {
        text.lines().forEach(line -> out.println("  " + line));
    }

    /** One thing that must have happened. */
    void step(String name, String expected, String seen, String what) {
        Step step = new Step(name, expected, seen);
        steps.add(step);
        String mark = step.asExpected() ? "ok " : "NOT";
        String shown = colours ? "\u001b[" + (step.asExpected() ? 32 : 31) + "m" + mark + "\u001b[0m" : mark;
        out.println("  " + shown + " " + what
                + (step.asExpected() ? "" : " (expected " + expected + ", saw " + seen + ")"));
    }

    boolean asExpected() {
        return steps.stream().allMatch(Step::asExpected);
    }

    int count() {
        return steps.size();
    }

    void write(Path file) throws IOException {
        List<Json> items = new ArrayList<>();
        for (Step step : steps) {
            items.add(JsonBuilder.object()
                    .put("expected", step.expected())
                    .put("name", step.name())
                    .put("seen", step.seen())
                    .build());
        }
        Json.Obj summary =
                JsonBuilder.object().put("steps", new Json.Arr(items)).build();
        Files.writeString(file, CanonicalJson.writeString(summary) + "\n");
    }
}

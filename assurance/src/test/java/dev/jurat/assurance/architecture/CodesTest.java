package dev.jurat.assurance.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever reads a code somewhere finds what it means: each that an error is made with stands in a document. */
class CodesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("jurat.root", ".")).toAbsolutePath();
    private static final Pattern ERROR = Pattern.compile(
            "(?:Failure\\.\\w+|ApiException\\.\\w+|HeadMark\\.damaged|new (?:Failure|\\w*Exception|Refusal))\\(\\s*(?:[A-Za-z.]+,\\s*)?\"([a-z0-9]+(?:-[a-z0-9]+)+)\"");

    @Test
    void aCodeStandsInNoDocument() throws IOException {
        String documents = files(ROOT.resolve("docs"), ".md").stream()
                .map(CodesTest::read)
                .collect(Collectors.joining(
                        "\n", read(ROOT.resolve("app/src/main/resources/dev/jurat/app/openapi.yaml")), ""));
        Set<String> codes = new TreeSet<>();
        for (Path module : modules()) {
            for (Path file : files(module.resolve("src/main/java"), ".java")) {
                Matcher matcher = ERROR.matcher(read(file));
                while (matcher.find()) {
                    codes.add(matcher.group(1));
                }
            }
        }
        assertTrue(codes.size() > 200, "found few: " + codes);
        codes.removeIf(code -> Pattern.compile("(?<![a-z0-9-])" + Pattern.quote(code) + "(?![a-z0-9-])")
                .matcher(documents)
                .find());
        assertEquals(Set.of(), codes);
    }

    /** Those that are delivered. */
    private static List<Path> modules() throws IOException {
        try (Stream<Path> all = Files.list(ROOT)) {
            return all.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .filter(folder -> !folder.endsWith("assurance"))
                    .toList();
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

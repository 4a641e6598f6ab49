package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateReport;
import dev.jurat.proof.state.StateReportJson;
import dev.jurat.proof.state.StateReportText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Verifies a bundle or a state proof from the command line, with nothing but a Java runtime: {@code java -jar jurat-verify.jar [--trust FILE]
 * [--json] FILE}.
 *
 * <p>Exit codes: 0 accepted; 1 any defect, or no trust policy; 2 unusable input or usage.
 */
public final class VerifyMain {
    public static final int ACCEPTED = 0;
    public static final int REFUSED = 1;
    public static final int UNUSABLE = 2;

    /** The bits of a file's mode that say what it is, and two of their values. */
    private static final int FILE_TYPE = 0170000;

    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    private static final String OUTPUT_LOST =
            "output-lost: standard output cannot be written, so that what is there is not the whole answer\n"
                    + "  next: make room for it, or name another file, and run the same command again";

    private static final String USAGE = """
            usage: java -jar jurat-verify.jar [--trust FILE] [--json] FILE

              FILE           a proof bundle (.jurat), or a state proof (.jurat-state)
              --trust FILE   the trust policy: whose log you believe; without it nothing is accepted
              --json         the report as data

            exit codes: 0 accepted, 1 not accepted, 2 input that cannot be used""";

    private static final String LESS =
            "give the file that jurat bundle export, jurat log prove or jurat log trust wrote; for less in one bundle: jurat bundle export --session, or --action";

    private VerifyMain() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int status = run("java -jar jurat-verify.jar", args, out, err);
        if (out.checkError() && !readerGone()) {
            err.println(OUTPUT_LOST);
            status = status == ACCEPTED ? UNUSABLE : status;
        }
        System.exit(status);
    }

    /** Whether standard output is a pipe or a socket: what cannot be written there is what nobody wants to read any more. */
    public static boolean readerGone() {
        try {
            int type = (Integer) Files.getAttribute(Path.of("/dev/fd/1"), "unix:mode") & FILE_TYPE;
            return type == PIPE || type == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // No such file, or a file system without its modes: then a lost answer is told of.
            return false;
        }
    }

    /** A file that is not read, since no file of its kind is as large. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(Path path, int bytesMax) {
            super(path + " is larger than " + bytesMax + " bytes");
        }
    }

    /** What was asked for. */
    private record Options(Optional<Path> trust, boolean json, Path bundle) {}

    /** An answer that is no report: what was given cannot be used. */
    private record Problem(String code, String message, String next) {}

    /**
     * Runs with these arguments and returns the exit code.
     *
     * @param program what was typed to start it, for the commands that it prints
     */
    public static int run(String program, String[] args, PrintStream out, PrintStream err) {
        return run(program, false, args, out, err);
    }

    /**
     * The same for a program whose every answer says what comes next.
     *
     * @param tellsNext whether a report as data gets the member {@code next}, which is no part of the report, where something is left to do
     */
    public static int run(String program, boolean tellsNext, String[] args, PrintStream out, PrintStream err) {
        if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
            out.println(USAGE);
            return ACCEPTED;
        }
        Optional<Options> options = parse(args);
        if (options.isEmpty()) {
            boolean json = Arrays.asList(args).contains("--json");
            if (!json) {
                err.println(USAGE);
            }
            return unusable(
                    new Problem("usage", "these arguments cannot be used", program + " --help"), json, out, err);
        }
        try {
            Optional<TrustPolicy> trust = Optional.empty();
            if (options.get().trust().isPresent()) {
                trust = Optional.of(TrustPolicy.read(read(options.get().trust().get(), TrustPolicy.BYTES_MAX)));
            }
            byte[] bytes = read(options.get().bundle(), Math.max(Bundle.bytesMax(), StateProof.BYTES_MAX));
            Answer answer = isStateProof(bytes)
                    ? state(bytes, trust, options.get(), program)
                    : bundle(bytes, trust, options.get(), program);
            if (options.get().json()) {
                out.println(CanonicalJson.writeString(
                        tellsNext && answer.next().isPresent()
                                ? answer.data()
                                        .with("next", Json.of(answer.next().get()))
                                : answer.data()));
            } else {
                out.print(answer.text());
                answer.next().ifPresent(text -> out.println("\nnext: " + text));
            }
            return answer.status();
        } catch (OutOfMemoryError e) {
            Problem problem = new Problem(
                    "memory",
                    options.get().bundle() + " does not fit in the memory that Java has here ("
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB); nothing was checked",
                    moreMemory(program, args));
            return unusable(problem, options.get().json(), out, err);
        } catch (TooLargeException e) {
            Problem problem = new Problem("unreadable", String.valueOf(e.getMessage()), LESS);
            return unusable(problem, options.get().json(), out, err);
        } catch (IOException e) {
            Problem problem = new Problem("unreadable", String.valueOf(e.getMessage()), program + " --help");
            return unusable(problem, options.get().json(), out, err);
        } catch (FormatException e) {
            Problem problem = new Problem(
                    e.code(),
                    "the trust policy cannot be used: " + e.getMessage(),
                    "have it written again by the log's operator: jurat log trust --out trust.json");
            return unusable(problem, options.get().json(), out, err);
        }
    }

    /** What is said of a file, and what to do next; nothing once it is accepted. */
    private record Answer(Json.Obj data, String text, int status, Optional<String> next) {}

    private static Answer bundle(byte[] bytes, Optional<TrustPolicy> trust, Options options, String program) {
        Report report = Verifier.verify(bytes, trust);
        return new Answer(
                ReportJson.of(report), ReportText.of(report), exitCode(report), next(report, options, program));
    }

    /** No bundle begins like a JSON object, and each state proof does. */
    private static boolean isStateProof(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == '{';
    }

    private static Answer state(byte[] bytes, Optional<TrustPolicy> trust, Options options, String program) {
        StateReport report = StateProof.check(bytes, trust);
        int status = switch (report) {
            case StateReport.Accepted ignored -> ACCEPTED;
            case StateReport.Unanchored ignored -> REFUSED;
            case StateReport.Refused ignored -> REFUSED;
            case StateReport.Unusable ignored -> UNUSABLE;
        };
        return new Answer(
                StateReportJson.of(report), StateReportText.of(report), status, next(report, options, program));
    }

    private static Optional<String> next(StateReport report, Options options, String program) {
        String again = "have it made again, as by: jurat log prove contract ID --out again" + StateProof.EXTENSION;
        return switch (report) {
            case StateReport.Accepted ignored -> Optional.empty();
            case StateReport.Unanchored ignored -> Optional.of(anchored(options, program));
            case StateReport.Refused ignored -> Optional.of("do not rely on it; " + again);
            case StateReport.Unusable ignored -> Optional.of(again);
        };
    }

    private static String anchored(Options options, String program) {
        return program + " --trust trust.json " + quoted(options.bundle())
                + "   (the log's operator writes trust.json: jurat log trust --out trust.json)";
    }

    private static int unusable(Problem problem, boolean json, PrintStream out, PrintStream err) {
        if (json) {
            Json.Obj error = JsonBuilder.object()
                    .put("code", problem.code())
                    .put("message", problem.message())
                    .put("next", problem.next())
                    .put("owner", "you")
                    .build();
            out.println(CanonicalJson.writeString(
                    JsonBuilder.object().put("error", error).build()));
        } else {
            err.println(problem.code() + ": " + problem.message());
            err.println("  next: " + problem.next());
        }
        return UNUSABLE;
    }

    /** The command that comes next; none once a bundle is accepted. */
    private static Optional<String> next(Report report, Options options, String program) {
        String again = "have it exported again, as by: jurat bundle export --all --out again.jurat; then: " + program
                + " --trust " + options.trust().map(VerifyMain::quoted).orElse("trust.json") + " again.jurat";
        return switch (report) {
            case Report.Accepted ignored -> Optional.empty();
            case Report.Unanchored ignored -> Optional.of(anchored(options, program));
            case Report.Refused ignored -> Optional.of("do not rely on it; " + again);
            case Report.Unusable ignored -> Optional.of(again);
        };
    }

    /** The same command with room for the largest bundle. */
    private static String moreMemory(String program, String[] args) {
        String more = program.startsWith("java ")
                ? "java -Xmx2g " + program.substring("java ".length())
                : "JURAT_JAVA_OPTIONS=-Xmx2g " + program;
        return more + " " + Arrays.stream(args).map(VerifyMain::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(Path path) {
        return quoted(path.toString());
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9@%+=:,./_-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** The exit code that a report has. */
    public static int exitCode(Report report) {
        return switch (report) {
            case Report.Accepted ignored -> ACCEPTED;
            case Report.Unanchored ignored -> REFUSED;
            case Report.Refused ignored -> REFUSED;
            case Report.Unusable ignored -> UNUSABLE;
        };
    }

    private static Optional<Options> parse(String[] args) {
        Optional<Path> trust = Optional.empty();
        Optional<Path> bundle = Optional.empty();
        boolean json = false;
        Iterator<String> words = Arrays.asList(args).iterator();
        try {
            while (words.hasNext()) {
                String word = words.next();
                if (word.equals("--json") && !json) {
                    json = true;
                } else if (word.equals("--trust") && trust.isEmpty() && words.hasNext()) {
                    trust = Optional.of(Path.of(words.next()));
                } else if (word.startsWith("--trust=") && trust.isEmpty()) {
                    trust = Optional.of(Path.of(word.substring("--trust=".length())));
                } else if (!word.startsWith("-") && bundle.isEmpty()) {
                    bundle = Optional.of(Path.of(word));
                } else {
                    return Optional.empty();
                }
            }
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        Optional<Path> chosenTrust = trust;
        boolean chosenJson = json;
        return bundle.map(path -> new Options(chosenTrust, chosenJson, path));
    }

    private static byte[] read(Path path, int bytesMax) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + " is not a file");
        }
        long size = Files.size(path);
        if (size > bytesMax) {
            throw new TooLargeException(path, bytesMax);
        }
        // Of its size at once, and never beyond it: a file that grows meanwhile is read no further.
        byte[] bytes = new byte[Math.toIntExact(size)];
        try (InputStream in = Files.newInputStream(path)) {
            if (in.readNBytes(bytes, 0, bytes.length) != bytes.length || in.read() >= 0) {
                throw new IOException(path + " changed while it was read");
            }
        }
        return bytes;
    }
}

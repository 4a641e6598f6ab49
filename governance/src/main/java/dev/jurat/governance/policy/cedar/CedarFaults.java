package dev.jurat.governance.policy.cedar;

import com.cedarpolicy.model.DetailedError;
import com.cedarpolicy.model.ValidationResponse;
import com.cedarpolicy.model.ValidationResponse.ValidationError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Cedar finds wrong with a text, in words for whoever wrote it. */
final class CedarFaults {
    private CedarFaults() {}

    /** The engine's message without the layers that it went through. */
    static String plain(@Nullable String message) {
        String plain = String.valueOf(message);
        for (String layer : List.of("Internal error: ", "Internal JNI Error: ")) {
            plain = plain.startsWith(layer) ? plain.substring(layer.length()) : plain;
        }
        return plain;
    }

    /** All that a validation found, each with its rule and the place in it. */
    static String of(ValidationResponse response, Map<String, Rule> rules) {
        List<String> found = new ArrayList<>();
        response.errors.ifPresent(all -> all.forEach(error -> found.add(plain(error.message))));
        response.success.ifPresent(judged -> {
            judged.validationErrors.forEach(error -> found.add(inRule(error, rules)));
            judged.validationWarnings.forEach(error -> found.add(inRule(error, rules)));
        });
        response.warnings.forEach(warning -> found.add(plain(warning.message)));
        return found.isEmpty()
                ? "the engine does not take it and does not say why"
                : found.stream().distinct().collect(Collectors.joining("; "));
    }

    private static String inRule(ValidationError fault, Map<String, Rule> rules) {
        DetailedError error = fault.getError();
        String text = plain(error.message);
        Optional<String> place = Optional.ofNullable(rules.get(fault.getPolicyId()))
                .flatMap(rule -> error.sourceLocations.stream()
                        .findFirst()
                        .flatMap(label -> cut(rule.source(), label.start, label.end)));
        return "in " + fault.getPolicyId() + ": " + text
                + place.map(p -> ", at: " + p).orElse("");
    }

    /** The piece between two places that count bytes, on one line. */
    private static Optional<String> cut(String source, int start, int end) {
        byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
        if (start < 0 || end <= start || end > bytes.length) {
            return Optional.empty();
        }
        String piece = new String(Arrays.copyOfRange(bytes, start, end), StandardCharsets.UTF_8);
        return Optional.of(piece.strip().replaceAll("\\s+", " "));
    }
}

package dev.jurat.gateway.mcp;

import dev.jurat.gateway.mcp.Guard.Refusal;
import dev.jurat.proof.contract.Containment;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Limits;
import dev.jurat.proof.contract.ProfiledTool;
import dev.jurat.proof.contract.Reach;
import dev.jurat.proof.contract.ResourceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Arguments of a known tool that are not as its profile has them: what they name all the same, and how they differ. Immutable.
 *
 * <p>Security property: such a call is unknown, and what its path arguments name is told to the policy as of any other. The mistake that
 * looks right but is not: to read nothing of it, so that a name that is surely outside becomes a question to a person.
 *
 * <p>Spec: {@code docs/spec/mcp.md}, What is decided on.
 *
 * @param named the texts that stand where the profile takes paths from, in lists too, in its order; none where there are too many
 * @param words how the arguments differ, as a sentence for the model, of the profile's words and short ones of the caller's
 * @param refusal there where what the call names cannot be read, so that nobody is asked about it
 */
record Unmapped(List<Named> named, String words, Optional<Refusal> refusal) {
    /** As many resources as a policy is asked about. */
    static final int NAMED_MAX = 256;

    /**
     * A text that the call would be taken to act on.
     *
     * @param text as it was sent
     */
    record Named(String text, Reach reach) {}

    Unmapped {
        named = List.copyOf(named);
    }

    /** Empty where the arguments are as the profile has them. */
    static Optional<Unmapped> of(ProfiledTool tool, Optional<ForeignJson> arguments) {
        Limits limits = tool.arguments();
        return arguments.map(limits::check).orElseGet(limits::checkAbsent) instanceof Containment.Beyond beyond
                ? Optional.of(new Reader().read(tool, arguments, UnmappedWords.of(beyond, limits)))
                : Optional.empty();
    }

    private static final class Reader {
        private final List<Named> named = new ArrayList<>();
        private Optional<String> unread = Optional.empty();

        Unmapped read(ProfiledTool tool, Optional<ForeignJson> arguments, String words) {
            for (ResourceRule rule : tool.resources()) {
                Optional<ForeignJson> value = arguments
                        .filter(ForeignJson.Obj.class::isInstance)
                        .flatMap(all -> Optional.ofNullable(
                                ((ForeignJson.Obj) all).members().get(rule.argument())));
                if (value.isEmpty() || !isRead(value.get(), rule) || isEmptyText(value.get(), rule)) {
                    unread = unread.or(() -> Optional.of(
                            rule.argument() + (rule.each() ? " must be a list of texts" : " must be a text")));
                }
            }
            if (named.size() > NAMED_MAX) {
                return new Unmapped(List.of(), words, Optional.of(tooMany()));
            }
            return new Unmapped(named, words, unread.map(Reader::unreadable));
        }

        /** Whether nothing but texts stands there; texts beside what is none count all the same. */
        private boolean isRead(ForeignJson value, ResourceRule rule) {
            return switch (value) {
                case ForeignJson.Str text -> named.add(new Named(text.value(), rule.reach()));
                case ForeignJson.Arr array -> {
                    boolean read = true;
                    for (ForeignJson item : array.items()) {
                        read &= isRead(item, rule);
                    }
                    yield read;
                }
                case ForeignJson.Obj object -> {
                    object.members().values().forEach(member -> isRead(member, rule));
                    yield false;
                }
                case ForeignJson.Num ignored -> false;
                case ForeignJson.Bool ignored -> false;
                case ForeignJson.Null ignored -> false;
            };
        }

        /** An empty list where one text is wanted. */
        private static boolean isEmptyText(ForeignJson value, ResourceRule rule) {
            return !rule.each()
                    && value instanceof ForeignJson.Arr array
                    && array.items().isEmpty();
        }

        private static Refusal unreadable(String words) {
            return new Refusal(
                    "arguments-unmapped",
                    "nobody can tell what it acts on: " + words + ".",
                    "send the arguments as the tool's schema has them",
                    Optional.empty());
        }

        private static Refusal tooMany() {
            return new Refusal(
                    "resources-too-many",
                    "it names more than " + NAMED_MAX + " files.",
                    "split the call: one may name at most " + NAMED_MAX + " files",
                    Optional.empty());
        }
    }
}

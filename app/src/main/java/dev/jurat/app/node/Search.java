package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.ledger.Action;
import dev.jurat.ledger.ActionPage;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.Query;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.LeafIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds actions, whoever it is that is typed for their principal: an id, a name, or a namespace. */
final class Search {
    private final Ledger ledger;
    private final LedgerDoor door;
    private final Names names;

    Search(Ledger ledger, LedgerDoor door, Names names) {
        this.ledger = ledger;
        this.door = door;
        this.names = names;
    }

    ApiAnswer answer(ApiRequest request) throws ApiException {
        Optional<String> typed = Queries.text(request.query(), "principal");
        Query query = Queries.parse(request.query(), typed.isPresent() ? principals(typed.get()) : Set.of());
        try {
            Lag.await(ledger);
            ActionPage page = ledger.search(query);
            List<Json> actions = new ArrayList<>();
            for (Action action : page.actions()) {
                actions.add(Custody.withErasure(ledger, new LeafIndex(action.index()), Views.action(action, names)));
            }
            JsonBuilder out =
                    JsonBuilder.object().put("actions", new Json.Arr(actions)).put("coveredSize", page.coveredSize());
            page.next().ifPresent(next -> out.put("cursor", Long.toString(next)));
            long lag = ledger.head().size().value() - page.coveredSize();
            if (lag > 0) {
                out.put("index-lag", lag);
            }
            return ApiAnswer.ok(out.build());
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    /** The principals that somebody means; all of a namespace as one. */
    private Set<String> principals(String typed) throws ApiException {
        // A name with a slash in it is somebody's attempt to be found as another.
        Set<String> found = new TreeSet<>(typed.contains("/") ? Set.of() : names.bearers(typed));
        String namespace = typed + "/";
        door.ask(state -> state.principals()).stream()
                .map(p -> p.principal())
                .filter(id -> id.equals(typed) || id.startsWith(namespace))
                .map(id -> id.equals(typed) ? id : namespace + "*")
                .forEach(found::add);
        if (found.isEmpty()) {
            throw new ApiException(
                    404,
                    "principal-unknown",
                    "nobody here has this id, name or namespace: " + typed,
                    Owner.YOU,
                    "jurat agent list");
        }
        return found;
    }
}

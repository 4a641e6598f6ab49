package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.util.List;

/**
 * An {@link Offer} with the salted digest of the whole proposal that it stands in: the closed object of a decision's and a contract's
 * facts.
 *
 * <p>Security property: a contract is admitted only if its grant equals the decision's byte for byte, so whoever mints cannot widen any
 * member, nor, by {@code terms}, anything that stands in the proposal alone.
 *
 * @param terms see {@link Terms}
 */
public record Grant(Offer offer, Hash terms) {
    /** Reads the closed object; codes of {@link Offer}, and {@code contract-terms} where the digest is not one. */
    public static Grant read(Fields fields) throws FormatException {
        Offer offer = Offer.readMembers(fields);
        String terms = fields.string("terms");
        fields.end();
        if (!Hash.isHex(terms)) {
            throw new FormatException("contract-terms", fields.path() + ".terms is not a digest");
        }
        return new Grant(offer, Hash.fromHex(terms));
    }

    public Json.Obj toJson() {
        return offer.toJson().with("terms", Json.of(terms.hex()));
    }

    public String actor() {
        return offer.actor();
    }

    public String session() {
        return offer.session();
    }

    public String point() {
        return offer.point();
    }

    public Shape shape() {
        return offer.shape();
    }

    public Tool tool() {
        return offer.tool();
    }

    public long windowMillis() {
        return offer.windowMillis();
    }

    public long uses() {
        return offer.uses();
    }

    public List<Total> totals() {
        return offer.totals();
    }

    public Mode mode() {
        return offer.mode();
    }
}

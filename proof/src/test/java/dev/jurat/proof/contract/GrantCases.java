package dev.jurat.proof.contract;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;

/** Grants, proposals and targets. */
final class GrantCases {
    static final String HEX = "0123456789abcdef".repeat(4);
    static final Json.Obj TOOL = ContractCases.json(
            "{'effect':'read','idempotent':true,'method':'tools/call','name':'read_text_file','profile':'" + HEX
                    + "'}");
    static final Json.Obj OFFER = ContractCases.json(
                    "{'actor':'home/aaaaaaaaaaaaaaaaaaaaaaaaaa','call':'','finality':'logged','mode':'enforced',"
                            + "'point':'system/bbbbbbbbbbbbbbbbbbbbbbbbbb','session':'any','shape':'ranged','totals':[],'uses':100,"
                            + "'windowMillis':900000}")
            .with("tool", TOOL);
    static final Json.Obj GRANT = OFFER.with("terms", Json.of(HEX));
    static final Json.Obj PROPOSAL = ContractCases.json("{'actions':[{'method':'tools/call','name':'read_text_file'}],"
                    + "'assumptions':[{'fact':'definition','value':'" + HEX + "'}],'evidence':['use','outcome'],"
                    + "'limits':{'properties':{'head':{'maximum':100,'minimum':1,'type':'integer'},'path':{'type':'string'}},"
                    + "'required':['path'],'type':'object'},"
                    + "'revocation':['contract','session'],'targets':[{'path':'/srv/data','reach':'below','type':'path'}],"
                    + "'type':'https://jurat.dev/contract/v1'}")
            .with("grant", OFFER);

    private final ContractCases cases;

    private GrantCases(ContractCases cases) {
        this.cases = cases;
    }

    static void into(ContractCases cases) {
        GrantCases grants = new GrantCases(cases);
        grants.grants();
        grants.tools();
        grants.proposals();
        grants.calls();
        grants.assumptions();
    }

    private void grants() {
        grant("ranged", "a ranged grant", GRANT, ContractCases.accepted());
        Json.Obj exact =
                GRANT.with("shape", Json.of("exact")).with("call", Json.of(HEX)).with("uses", Json.of(1));
        grant("exact", "an exact grant", exact, ContractCases.accepted());
        Json.Arr totals = new Json.Arr(List.of(total("a", "10"), total("b", "0.5")));
        grant("totals", "running totals, sorted", GRANT.with("totals", totals), ContractCases.accepted());
        noGrant("exact-uses", "an exact grant of two uses", exact.with("uses", Json.of(2)), "contract-grant");
        noGrant("exact-no-call", "an exact grant without its call", exact.with("call", Json.of("")), "contract-shape");
        noGrant("ranged-call", "a ranged grant with a call", GRANT.with("call", Json.of(HEX)), "contract-shape");
        noGrant("shape", "another shape", GRANT.with("shape", Json.of("open")), "contract-shape");
        noGrant(
                "actor",
                "an actor that is no principal id",
                GRANT.with("actor", Json.of("home/bob")),
                "contract-grant");
        noGrant("point", "a point that is no principal id", GRANT.with("point", Json.of("any")), "contract-grant");
        noGrant("session", "a session that is no session id", GRANT.with("session", Json.of("ANY")), "contract-grant");
        noGrant("window-zero", "no window", GRANT.with("windowMillis", Json.of(0)), "contract-grant");
        noGrant(
                "window-long",
                "a window of more than 365 days",
                GRANT.with("windowMillis", Json.of(31_536_000_001L)),
                "contract-grant");
        noGrant("uses-zero", "no uses", GRANT.with("uses", Json.of(0)), "contract-grant");
        noGrant(
                "finality",
                "a finality that this version does not know",
                GRANT.with("finality", Json.of("cosigned")),
                "contract-finality");
        noGrant("mode", "another mode", GRANT.with("mode", Json.of("off")), "contract-mode");
        noGrant(
                "terms",
                "terms that are no digest",
                GRANT.with("terms", Json.of(HEX.toUpperCase(java.util.Locale.ROOT))),
                "contract-terms");
        noGrant("terms-missing", "no terms", OFFER, "member-missing");
        noGrant("member", "a member too many", GRANT.with("note", Json.of("")), "member-unknown");
        noGrant(
                "totals-order",
                "totals out of order",
                GRANT.with("totals", new Json.Arr(totals.items().reversed())),
                "contract-grant");
        noGrant(
                "totals-negative",
                "a negative total",
                GRANT.with("totals", new Json.Arr(List.of(total("a", "-1")))),
                "contract-total");
        noGrant(
                "totals-form",
                "a total with a trailing zero",
                GRANT.with("totals", new Json.Arr(List.of(total("a", "1.0")))),
                "contract-decimal");
    }

    private void tools() {
        Json.Obj hidden = TOOL.with("name", Json.of("sha256:" + HEX)).with("profile", Json.of("none"));
        tool("hidden", "a tool under the digest of its name", unknown(hidden), ContractCases.accepted());
        tool(
                "effect",
                "another effect",
                TOOL.with("effect", Json.of("append")),
                ContractCases.refused("contract-effect"));
        tool(
                "unknown-idempotent",
                "an unknown effect said to be idempotent",
                TOOL.with("effect", Json.of("unknown")),
                ContractCases.refused("contract-tool"));
        tool(
                "name-space",
                "a name with a space, which a statement does not carry",
                TOOL.with("name", Json.of("read file")),
                ContractCases.refused("contract-tool"));
        tool(
                "name-digest",
                "a name that is half a digest",
                TOOL.with("name", Json.of("sha256:0123")),
                ContractCases.refused("contract-tool"));
        tool(
                "profile",
                "a profile that is no digest",
                TOOL.with("profile", Json.of("")),
                ContractCases.refused("contract-tool"));
        tool("method", "no method", TOOL.with("method", Json.of("")), ContractCases.refused("contract-tool"));
    }

    private void proposals() {
        proposal("whole", "a whole proposal", PROPOSAL, ContractCases.accepted());
        proposal("no-limits", "a proposal without limits", PROPOSAL.without("limits"), ContractCases.accepted());
        noProposal(
                "type",
                "another version",
                PROPOSAL.with("type", Json.of("https://jurat.dev/contract/v2")),
                "contract-type");
        noProposal("terms", "terms inside the proposal", PROPOSAL.with("grant", GRANT), "member-unknown");
        noProposal(
                "actions",
                "an action that is not the grant's tool",
                PROPOSAL.with("actions", list("{'method':'tools/call','name':'write_file'}")),
                "contract-actions");
        noProposal(
                "actions-two",
                "an action more",
                PROPOSAL.with(
                        "actions",
                        list(
                                "{'method':'tools/call','name':'read_text_file'}",
                                "{'method':'tools/call','name':'write_file'}")),
                "contract-actions");
        noProposal(
                "target-form",
                "a target path that is not in its one form",
                PROPOSAL.with("targets", list("{'path':'/srv/data/','reach':'below','type':'path'}")),
                "contract-target");
        noProposal(
                "target-relative",
                "a relative target path",
                PROPOSAL.with("targets", list("{'path':'data','reach':'below','type':'path'}")),
                "path-relative");
        noProposal(
                "target-type",
                "a target of an unknown type",
                PROPOSAL.with("targets", list("{'path':'/srv','reach':'below','type':'url'}")),
                "contract-target");
        noProposal(
                "target-reach",
                "a target of unknown reach",
                PROPOSAL.with("targets", list("{'path':'/srv','reach':'above','type':'path'}")),
                "contract-reach");
        String target = "{'path':'/srv/data','reach':'below','type':'path'}";
        noProposal("target-twice", "a target twice", PROPOSAL.with("targets", list(target, target)), "contract-order");
        noProposal(
                "assumption-order",
                "assumptions out of order",
                PROPOSAL.with("assumptions", list("{'fact':'profile','value':''}", "{'fact':'known','value':''}")),
                "contract-order");
        noProposal(
                "duty",
                "an unknown duty",
                PROPOSAL.with("evidence", new Json.Arr(List.of(Json.of("video")))),
                "contract-duty");
        noProposal(
                "duty-twice",
                "a duty twice",
                PROPOSAL.with("evidence", new Json.Arr(List.of(Json.of("use"), Json.of("use")))),
                "contract-order");
        noProposal(
                "revocation",
                "an unknown ground of revocation",
                PROPOSAL.with("revocation", new Json.Arr(List.of(Json.of("moon")))),
                "contract-revocation");
        noProposal(
                "limits",
                "limits that cannot be read",
                PROPOSAL.with("limits", ContractCases.json("{'type':'object'}")),
                "limit-value");
        noProposal("member", "a member too many", PROPOSAL.with("notAfter", Json.of(1)), "member-unknown");
    }

    private void assumptions() {
        String other = HEX.replace('0', '1');
        Json.Obj both = PROPOSAL.with(
                "assumptions",
                list("{'fact':'definition','value':'" + HEX + "'}", "{'fact':'launch','value':'" + other + "'}"));
        assumed("same", "the facts that the contract rests on", both, HEX, other, ContractCases.within());
        assumed(
                "no-launch",
                "a contract that does not say how the server was started",
                PROPOSAL,
                HEX,
                other,
                ContractCases.within());
        assumed(
                "launch",
                "a server that was started in another way",
                both,
                HEX,
                HEX,
                ContractCases.beyond("beyond-assumption", "/launch"));
        assumed(
                "definition",
                "another definition",
                both,
                other,
                other,
                ContractCases.beyond("beyond-assumption", "/definition"));
        JsonBuilder given = JsonBuilder.object()
                .put("proposal", both)
                .put("facts", JsonBuilder.object().put("definition", HEX).build());
        cases.add(
                "launch-unsaid",
                "assumptions",
                "nobody says how the server was started",
                given,
                ContractCases.beyond("beyond-assumption", "/launch"));
        noProposal(
                "assumption-twice",
                "two launches",
                PROPOSAL.with(
                        "assumptions",
                        list("{'fact':'launch','value':'" + HEX + "'}", "{'fact':'launch','value':'" + other + "'}")),
                "contract-order");
    }

    private void assumed(
            String file, String says, Json.Obj proposal, String definition, String launch, JsonBuilder expect) {
        JsonBuilder given = JsonBuilder.object()
                .put("proposal", proposal)
                .put(
                        "facts",
                        JsonBuilder.object()
                                .put("definition", definition)
                                .put("launch", launch)
                                .build());
        cases.add(file, "assumptions", says, given, expect);
    }

    private void calls() {
        String path = "{'path':'/srv/data/a.txt'}";
        contained(
                "within",
                "a call within targets and limits",
                PROPOSAL,
                path,
                ContractCases.within(),
                itself("/srv/data/a.txt"));
        contained("target-itself", "the target itself", PROPOSAL, path, ContractCases.within(), itself("/srv/data"));
        contained("no-resource", "a call that acts on nothing", PROPOSAL, path, ContractCases.within());
        contained(
                "outside",
                "a resource outside",
                PROPOSAL,
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/etc/passwd"));
        contained(
                "sibling",
                "a folder whose name begins alike",
                PROPOSAL,
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/srv/data-other/a.txt"));
        contained(
                "parent",
                "the folder above",
                PROPOSAL,
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/srv"));
        contained(
                "case",
                "the target in other letters",
                PROPOSAL,
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/srv/Data/a.txt"));
        contained(
                "second-outside",
                "one of two resources outside",
                PROPOSAL,
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/srv/data/a.txt"),
                itself("/srv/b.txt"));
        contained(
                "no-target",
                "a resource where no target is",
                PROPOSAL.with("targets", new Json.Arr(List.of())),
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/srv/data/a.txt"));
        Json.Obj alone = PROPOSAL.with("targets", list("{'path':'/srv/data','reach':'itself','type':'path'}"));
        contained(
                "reach-itself",
                "the named folder where it alone is a target",
                alone,
                path,
                ContractCases.within(),
                itself("/srv/data"));
        contained(
                "reach-below",
                "all below a folder where it alone is a target",
                alone,
                path,
                ContractCases.beyond("beyond-target", ""),
                new Resource.Path(path("/srv/data"), Reach.BELOW));
        contained(
                "reach-child",
                "a file below where the folder alone is a target",
                alone,
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/srv/data/a.txt"));
        contained(
                "beside-target",
                "what is written beside the folder that is the target",
                PROPOSAL,
                path,
                ContractCases.beyond("beyond-target", ""),
                beside("/srv/data"));
        contained(
                "beside-child",
                "what is written beside a file below the target",
                PROPOSAL,
                path,
                ContractCases.within(),
                beside("/srv/data/a.txt"));
        contained(
                "beside-itself",
                "what is written beside a file that alone is a target",
                PROPOSAL.with("targets", list("{'path':'/srv/data/a.txt','reach':'itself','type':'path'}")),
                path,
                ContractCases.beyond("beyond-target", ""),
                beside("/srv/data/a.txt"));
        Json.Obj beside = PROPOSAL.with("targets", list("{'path':'/srv/data/a.txt','reach':'beside','type':'path'}"));
        contained(
                "beside-beside",
                "what is written beside a file where the target says so",
                beside,
                path,
                ContractCases.within(),
                beside("/srv/data/a.txt"));
        contained(
                "beside-sibling",
                "the file beside the one that the target names",
                beside,
                path,
                ContractCases.beyond("beyond-target", ""),
                itself("/srv/data/b.txt"));
        contained(
                "limit",
                "an argument beyond its limit",
                PROPOSAL,
                "{'head':101,'path':'/srv/data/a.txt'}",
                ContractCases.beyond("beyond-maximum", "/head"),
                itself("/srv/data/a.txt"));
        contained(
                "argument",
                "an argument that is not listed",
                PROPOSAL,
                "{'path':'/srv/data/a.txt','tail':1}",
                ContractCases.beyond("beyond-property", "/tail"),
                itself("/srv/data/a.txt"));
        JsonBuilder other = given(PROPOSAL, path).put("name", "write_file").put("resources", new Json.Arr(List.of()));
        cases.add("tool", "call", "another tool", other, ContractCases.beyond("beyond-tool", ""));
    }

    private void contained(
            String file, String says, Json.Obj proposal, String arguments, JsonBuilder expect, Resource... resources) {
        Json.Arr list = new Json.Arr(
                List.of(resources).stream().<Json>map(Resource::toJson).toList());
        JsonBuilder given =
                given(proposal, arguments).put("name", "read_text_file").put("resources", list);
        cases.add(file, "call", says, given, expect);
    }

    private static JsonBuilder given(Json.Obj proposal, String arguments) {
        return JsonBuilder.object()
                .put("proposal", proposal)
                .put("method", "tools/call")
                .put("text", arguments.replace('\'', '"'));
    }

    private static Resource itself(String text) {
        return new Resource.Path(path(text), Reach.ITSELF);
    }

    private static Resource beside(String text) {
        return new Resource.Path(path(text), Reach.BESIDE);
    }

    static LexicalPath path(String text) {
        try {
            return LexicalPath.parse(text);
        } catch (dev.jurat.proof.FormatException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Json.Obj unknown(Json.Obj tool) {
        return tool.with("effect", Json.of("unknown")).with("idempotent", Json.of(false));
    }

    private static Json.Obj total(String name, String max) {
        return JsonBuilder.object().put("max", max).put("name", name).build();
    }

    private static Json.Arr list(String... objects) {
        return new Json.Arr(
                List.of(objects).stream().<Json>map(ContractCases::json).toList());
    }

    private void grant(String file, String says, Json.Obj grant, JsonBuilder expect) {
        cases.add(file, "grant", says, JsonBuilder.object().put("grant", grant), expect);
    }

    private void noGrant(String file, String says, Json.Obj grant, String code) {
        grant(file, says, grant, ContractCases.refused(code));
    }

    private void tool(String file, String says, Json.Obj tool, JsonBuilder expect) {
        grant("tool-" + file, says, GRANT.with("tool", tool), expect);
    }

    private void proposal(String file, String says, Json.Obj proposal, JsonBuilder expect) {
        cases.add(file, "proposal", says, JsonBuilder.object().put("proposal", proposal), expect);
    }

    private void noProposal(String file, String says, Json.Obj proposal, String code) {
        proposal(file, says, proposal, ContractCases.refused(code));
    }
}

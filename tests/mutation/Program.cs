using Quartier.Tests.Mutation;
using Quartier.Tests.Support;

// Makes the listed mutants one at a time and says which of them no test notices: mutation [--only WORD]
var only = args is ["--only", var word] ? word : "";
var mutants = Mutant.Listed().Where(mutant => mutant.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
if (mutants.Count == 0)
{
    Console.Error.WriteLine($"no mutant's name contains '{only}'");
    return 2;
}

var tree = new ScratchTree();
var healthy = new Dictionary<(string, string), bool>();
var wrong = 0;
foreach (var mutant in mutants)
{
    var fate = Fate(mutant);
    wrong += fate == "killed" ? 0 : 1;
    Console.WriteLine($"{fate,-16} {mutant.Name}");
}

Console.WriteLine($"{mutants.Count - wrong} of {mutants.Count} mutants killed");
return wrong == 0 ? 0 : 1;

string Fate(Mutant mutant)
{
    if (mutant.In(File.ReadAllText(Checkout.PathTo(mutant.File))) is not { } lie)
    {
        return "STALE";
    }

    // Tests that fail without any lie would prove nothing.
    if (!IsHealthy(mutant))
    {
        return "SUITE FAILS";
    }

    tree.Write(mutant.File, lie);
    try
    {
        return !tree.Build(mutant.Suite) ? "DOES NOT BUILD" : tree.Test(mutant.Suite, mutant.Tests) ? "SURVIVES" : "killed";
    }
    finally
    {
        tree.Restore(mutant.File);
    }
}

bool IsHealthy(Mutant mutant)
{
    if (!healthy.TryGetValue((mutant.Suite, mutant.Tests), out var sound))
    {
        healthy[(mutant.Suite, mutant.Tests)] = sound = tree.Build(mutant.Suite) && tree.Test(mutant.Suite, mutant.Tests);
    }

    return sound;
}

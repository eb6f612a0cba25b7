namespace Quartier.Tests.Tidy;

/// <summary>One type of the gateway that names another, both without the root namespace: "Domain.Alerts.Alert". Where a using line
/// names a whole namespace, the other is "Host.*".</summary>
internal sealed record Arrow(string From, string To)
{
    public string FromSpace => SpaceOf(From);

    public string ToSpace => SpaceOf(To);

    public override string ToString() => $"{From} → {To}";

    private static string SpaceOf(string type) => type.Contains('.', StringComparison.Ordinal) ? type[..type.LastIndexOf('.')] : "";
}

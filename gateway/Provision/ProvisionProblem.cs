namespace Quartier.Provision;

/// <summary>Why a device could not be set up, and what to do about it, in both languages.</summary>
/// <param name="step">port, device, wifi, gateway, register, identity or contact.</param>
public sealed class ProvisionProblem(string step, string germanReason, string reason, string germanRemedy, string remedy) : Exception(reason)
{
    public string Step { get; } = step;

    public string GermanReason { get; } = germanReason;

    public string Reason { get; } = reason;

    public string GermanRemedy { get; } = germanRemedy;

    public string Remedy { get; } = remedy;
}

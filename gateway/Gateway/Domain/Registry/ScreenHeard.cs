namespace Quartier.Gateway.Domain.Registry;

/// <summary>A screen said something: one record for all leaves, told apart by the message's type.</summary>
/// <param name="Message">ScreenPresence, ScreenHello, ScreenTelemetry, ScreenUsage or ScreenWant.</param>
public sealed record ScreenHeard(string Device, NodaTime.Instant At, object Message);

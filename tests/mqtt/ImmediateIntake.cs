using Quartier.Mqtt;

namespace Quartier.Tests.Mqtt;

/// <summary>Takes publishes over at once, on the thread of their connection.</summary>
internal sealed class ImmediateIntake(Action<IReadOnlyList<InboundPublish>> take) : IPublishIntake
{
    public ValueTask TakeAsync(IReadOnlyList<InboundPublish> publishes)
    {
        take(publishes);
        return ValueTask.CompletedTask;
    }
}

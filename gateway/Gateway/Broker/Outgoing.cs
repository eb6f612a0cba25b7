using Quartier.Gateway.Ingest;

namespace Quartier.Gateway.Broker;

/// <summary>Where publications go once they are committed. Until a broker is attached there is nobody to hear them.</summary>
public sealed class Outgoing
{
    private Func<Publication, ValueTask>? sink;

    public void Attach(Func<Publication, ValueTask> broker) => sink = broker;

    public async ValueTask Publish(IReadOnlyList<Publication> effects)
    {
        if (sink is null)
        {
            return;
        }

        foreach (var effect in effects)
        {
            await sink(effect);
        }
    }
}

using System.Text;
using Quartier.Mqtt;
using Quartier.Provisioning;
using Quartier.Simulator.Boards;
using Quartier.Simulator.Demo;
using Quartier.Wire;

namespace Quartier.Simulator;

/// <summary>Under which name a screen logs in at the broker, and what it says and hears in a session of its own.</summary>
internal sealed record ScreenSession(string Device, string User, string Secret)
{
    private const int PresenceBytesMax = 16;
    private static readonly string[] Down = [ScreenTopics.Manifest, ScreenTopics.Entry, ScreenTopics.Notice, ScreenTopics.Settings, ScreenTopics.Root, ScreenTopics.Command];

    /// <summary>The demo quarter's screen, before a cable gave it another name.</summary>
    public static readonly ScreenSession Demo = new(QuarterScreen.Device, QuarterScreen.Device, DemoQuarter.ScreenSecret);

    /// <summary>Retained at QoS 1, by the screen and, when it goes without a word, by its will.</summary>
    public string PresenceTopic => ScreenTopics.Build(Device, ScreenTopics.Presence);

    public byte[] Password => Encoding.UTF8.GetBytes(Secret);

    public MqttWill Will => new(PresenceTopic, Presence(online: false), Qos.AtLeastOnce, Retain: true);

    public byte[] Online => Presence(online: true);

    public SubscriptionRequest[] Subscriptions => [.. Down.Select(leaf => new SubscriptionRequest(ScreenTopics.Build(Device, leaf), Qos.AtLeastOnce))];

    public static ScreenSession Of(DeviceIdentity identity) => new(identity.DeviceId, identity.MqttUser, identity.MqttPassword);

    private static byte[] Presence(bool online)
    {
        var payload = new byte[PresenceBytesMax];
        return payload[..new ScreenPresence { Online = online }.Encode(payload)];
    }
}

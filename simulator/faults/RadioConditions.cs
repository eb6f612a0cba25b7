namespace Quartier.Simulator.Faults;

/// <summary>How well the air and the network server carry frames. All draws come from the seed.</summary>
public sealed class RadioConditions
{
    public int UplinkLossPermille { get; set; } = 20;

    public int DownlinkLossPermille { get; set; } = 30;

    /// <summary>From the end of a frame to the network server's event: gateways' backhaul and the server's wait for duplicates.</summary>
    public int DelayMsLeast { get; set; } = 220;

    public int DelayMsMost { get; set; } = 600;

    /// <summary>Nothing gets through in either direction.</summary>
    public bool Cut { get; set; }
}

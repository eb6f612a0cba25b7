namespace Quartier.Simulator.Window;

/// <summary>Cuts and restores networks; on the world's thread.</summary>
internal static class Networks
{
    public static void SwitchRadio(Demo demo)
    {
        var conditions = demo.Quarter.Server.Conditions;
        conditions.Cut = !conditions.Cut;
        demo.Quarter.World.Trace.Write("window", "network", conditions.Cut ? "radio cut" : "radio back");
    }
}

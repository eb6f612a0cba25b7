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

    public static void SwitchWifi(Demo demo)
    {
        var wifi = demo.Quarter.Screen.Wifi;
        wifi.InRange = !wifi.InRange;
        demo.Quarter.World.Trace.Write("window", "network", wifi.InRange ? "wifi back" : "wifi cut");
    }
}

using Quartier.Gateway.Pages;
using Quartier.Simulator.World;

namespace Quartier.Simulator.Window;

/// <param name="Switch">It stays on until it is pressed again.</param>
public sealed record PodAct(string Name, string German, string English, bool Switch, bool Danger, Action<PodScene> Do)
{
    public string Text(ReaderLanguage say) => say.Text(German, English);
}

/// <summary>What a developer can let happen at a pod.</summary>
public static class PodActs
{
    public static readonly IReadOnlyList<PodAct> All =
    [
        new("enter", "Betreten", "Enter", false, false, pod => pod.Enter()),
        new("lock", "Verriegeln", "Lock", false, false, pod => pod.Lock()),
        new("sleep", "Schlafen", "Sleep", false, false, pod => pod.Sleep()),
        new("leave", "Verlassen", "Leave", false, false, pod => pod.Leave()),
        new("forget", "Tür vergessen", "Forget the door", false, false, pod => pod.Leave(forgetFlap: true)),
        new("close", "Tür schließen", "Close the door", false, false, pod => pod.CloseFlap()),
        new("smoke", "Rauch", "Smoke", true, true, pod => pod.SetSmoke(!pod.Smoke)),
        new("sos", "SOS drücken", "Press SOS", false, true, pod => pod.PressSos()),
        new("cold", "Kälte", "Cold", true, true, pod => pod.SetCold(!pod.Cold)),
        new("battery", "Batterie leer", "Flat battery", true, false, pod => pod.SetBatteryFlat(!pod.BatteryFlat)),
    ];

    public static PodAct? Find(string name) => All.FirstOrDefault(act => act.Name == name);

    /// <summary>Whether a switch is on.</summary>
    public static bool IsOn(PodAct act, PodView pod) => act.Name switch
    {
        "smoke" => pod.Smoke,
        "cold" => pod.Cold,
        "battery" => pod.BatteryFlat,
        _ => false,
    };
}

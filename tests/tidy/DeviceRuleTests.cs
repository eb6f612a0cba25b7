using Mono.Cecil;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Tidy;

/// <summary>The rules of the device's runtime over the compiled firmware, and each failing on an example made to break it.</summary>
public sealed class DeviceRuleTests
{
    private static readonly string[] Portable = ["Wire", "Board", "Screen", "Drivers", "Provisioning", "Shelter", "Kiosk"];

    private static readonly string[] Applications = ["Quartier.Kiosk.KioskApp", "Quartier.Shelter.ShelterApp"];

    private static readonly DeviceRules Firmware = new([.. Portable.Select(Compiled.Read)]);

    /// <summary>Methods that run only when something is due, has arrived or has changed, each with what that is. Branches that an idle
    /// step skips stand here under their own names; never a method that idle steps call too.</summary>
    private static readonly Dictionary<string, string> Work = new()
    {
        ["KioskApp.DrawPage"] = "what a reader sees has changed",
        ["KioskApp.OpenRow"] = "a row was selected",
        ["Navigator.Press"] = "a key was pressed or the glass touched",
        ["KioskApp.FirstLanguage"] = "a visit has ended",
        ["Words.set_Language"] = "a visit has ended, or a key asked for another language",
        ["Agenda.Fill"] = "page, catalogue or the minute of the next change is another",
        ["CatalogueStore.LoadOne"] = "a catalogue is being loaded",
        ["CatalogueStore.Finish"] = "a catalogue was loaded",
        ["CatalogueStore.Begin"] = "a catalogue begins to be loaded",
        ["OldEntries.TryParseName"] = "entries of an earlier version are looked for, once",
        ["CatalogueSync.Ask"] = "entries are missing",
        ["ScreenDialogue.Hear"] = "a message came",
        ["ScreenDialogue.SayHello"] = "a session began, or an hour has passed",
        ["ScreenDialogue.SayTelemetry"] = "five minutes have passed",
        ["ScreenUsage.Encode"] = "an hour in which offers were opened has ended",
        ["RootDialogue.Say"] = "a session began, or what became of a root has changed",
        ["TlsSwitch.Prove"] = "a trial has come to a session",
        ["ServicePort.HandleFrames"] = "bytes came on the service port",
        ["ImprovDevice.StepConnect"] = "a client on the service port waits for Wi-Fi",
        ["ImprovDevice.StepScan"] = "a client on the service port waits for the list of networks",
        ["ShelterApp.SendAlarm"] = "an alarm is due",
        ["ShelterApp.SendStatus"] = "a report is due",
        ["AlarmConfirmationV1.TryDecode"] = "a downlink came",
        ["Rak3172.Hear"] = "the modem said something",
        ["Rak3172.TimeOut"] = "the modem was silent for too long, or a pause is over",
        ["Rak3172.Configure"] = "the modem is not set up",
    };

    [Fact]
    public void No_static_initialiser_of_the_firmware_reads_another_type() => None(Firmware.StaticOrder());

    [Fact]
    public void No_text_of_the_firmware_is_indexed_in_a_loop() => None(Firmware.IndexedText());

    [Fact]
    public void An_idle_step_makes_nothing() => None(Applications.SelectMany(application => Firmware.MadeInIdleSteps(application, Work.Keys)));

    [Fact]
    public void Every_exemption_names_work_that_a_step_reaches_and_that_makes_something() =>
        Assert.All(Work.Keys, name => Assert.NotEmpty(Applications.SelectMany(application => Firmware.MadeInIdleSteps(application, [.. Work.Keys.Where(other => other != name)]))));

    [Theory]
    [InlineData("class Nothing { public static byte[] Bytes = new byte[0]; } class A { static byte[] Mine = Nothing.Bytes; }")]
    [InlineData("class Nothing { public static byte[] Bytes = new byte[0]; } class A { static A None = new A(); byte[] Held = Nothing.Bytes; }")]
    [InlineData("class Nothing { public static byte[] Bytes = new byte[0]; public static byte[] Get() => Bytes; } class A { static byte[] Mine = Nothing.Get(); }")]
    public void A_static_initialiser_that_reads_another_type_is_found(string code) => Assert.NotEmpty(Example(code).StaticOrder());

    [Theory]
    [InlineData("class A { int M(string t) { int n = 0; for (int i = 0; i < t.Length; i++) { n += t[i]; } return n; } }")]
    [InlineData("class A { int M(string t) { int n = 0; foreach (char c in t) { n += c; } return n; } }")]
    [InlineData("class A { int M(string t) { int i = 0; while (t[i] == ' ') { i++; } return i; } }")]
    public void Text_indexed_in_a_loop_is_found(string code) => Assert.Single(Example(code).IndexedText());

    [Fact]
    public void One_character_and_characters_taken_once_are_let_be() =>
        Assert.Empty(Example("class A { int M(string t) { int n = t[0]; char[] all = t.ToCharArray(); for (int i = 0; i < all.Length; i++) { n += all[i]; } return n; } }").IndexedText());

    [Theory]
    [InlineData("class A { void Step() { Say(\"now\"); } void Say(string page) { } }")]
    [InlineData("class A { void Step() { Keep(); } void Keep() { Kept = new byte[26]; } byte[] Kept; }")]
    [InlineData("class A { void Step() { object kept = 5; Kept = kept; } object Kept; }")]
    public void Something_made_in_an_idle_step_is_found(string code) => Assert.Single(Example(code).MadeInIdleSteps("Quartier.Kiosk.A", []));

    [Fact]
    public void What_work_makes_is_let_be() =>
        Assert.Empty(Example("class A { void Step() { Draw(); } void Draw() { Kept = new byte[26]; } byte[] Kept; }").MadeInIdleSteps("Quartier.Kiosk.A", ["A.Draw"]));

    private static DeviceRules Example(string code) => new([Compiled.From("Quartier.Kiosk", $"namespace Quartier.Kiosk; {code}")]);

    private static void None(IEnumerable<Finding> findings)
    {
        var found = findings.Select(finding => finding.ToString()).Distinct().ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }
}

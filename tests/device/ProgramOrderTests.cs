using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Device;

/// <summary>What the screen's start must do before what. Its Main needs the whole chip and is not run here.</summary>
public sealed class ProgramOrderTests
{
    private static readonly string Program = File.ReadAllText(Checkout.PathTo("firmware", "device", "kiosk", "Program.cs"));

    [Theory]
    [InlineData("station.NeedsRestart", "new IdentityFile(", "a stranger could set the network while the screen already runs")]
    [InlineData("TrustedRoot.Install(", "CreateLink(identity", "TLS would verify against the roots of the start before")]
    [InlineData("new TlsSwitch(", "TrustedRoot.Install(", "a root that the gateway offered would never be where TLS looks for it")]
    [InlineData("TrustedRoot.Install(", "way.Begin()", "the restart that brings the root to TLS would count as a failed start")]
    [InlineData("way.Begin()", "CreateLink(identity", "a board that stands still in a handshake would try it for ever")]
    [InlineData("new ScreenClock(", "CreateLink(identity", "certificates would be checked against 1970")]
    [InlineData("QuestionPort = identity.TimePort", "PresenceTopic =", "a gateway behind something that speaks TLS would never be heard")]
    [InlineData("clock.Step(", "app.Step(uptimeMs)", "a session would begin before anybody asked for the time")]
    public void Each_step_of_the_start_stands_before_the_one_that_needs_it(string first, string second, string otherwise)
    {
        var (before, after) = (Program.IndexOf(first, StringComparison.Ordinal), Program.IndexOf(second, StringComparison.Ordinal));
        Xunit.Assert.True(before >= 0 && after > before, otherwise);
    }
}

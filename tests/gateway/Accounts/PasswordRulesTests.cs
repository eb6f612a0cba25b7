using Quartier.Gateway.Domain.Accounts;
using Xunit;

namespace Quartier.Tests.Gateway.Accounts;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("elf-zeichen", PasswordFault.TooShort)]
    [InlineData("", PasswordFault.TooShort)]
    [InlineData("aaaaaaaaaaaaaaaa", PasswordFault.TooPlain)]
    [InlineData("abababababababab", PasswordFault.TooPlain)]
    [InlineData("123456789012", PasswordFault.TooPlain)]
    [InlineData("qwertzuiopasdfgh", PasswordFault.TooPlain)]
    [InlineData("Passwort12345!", PasswordFault.TooPlain)]
    [InlineData("mia.huber-2026", PasswordFault.TooPlain)]
    [InlineData("MIA.HUBERMIA.HUBER", PasswordFault.TooPlain)]
    [InlineData("QuartierQuartier1", PasswordFault.TooPlain)]
    [InlineData("lampe regen tisch", null)]
    [InlineData("wolke8-Fahrrad", null)]
    [InlineData("mia.huber mag Tee", null)]
    [InlineData("пароль на двери", null)]
    public void What_guessing_tries_first_is_refused_and_no_kind_of_sign_is_asked_for(string password, PasswordFault? fault) =>
        Assert.Equal(fault, PasswordRules.Check("mia.huber", password, password));

    [Fact]
    public void The_ends_of_the_length_and_a_repetition_that_differs()
    {
        var long128 = string.Concat(Enumerable.Range(0, 32).Select(at => $"{(char)('a' + (at * 7 % 26))}{(char)('k' + (at % 5))}.{at % 10}"));
        Assert.Equal(PasswordRules.LengthMax, long128.Length);
        Assert.Null(PasswordRules.Check("mia", long128, long128));
        Assert.Equal(PasswordFault.TooLong, PasswordRules.Check("mia", long128 + "x", long128 + "x"));
        Assert.Null(PasswordRules.Check("mia", "regen tisch2", "regen tisch2"));
        Assert.Equal(PasswordFault.TooShort, PasswordRules.Check("mia", "regen tisch", "regen tisch"));
        Assert.Equal(PasswordFault.Differs, PasswordRules.Check("mia", "regen tisch2", "regen tisch3"));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux")]
    [InlineData("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome, Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari, iPhone")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge, Windows")]
    [InlineData("<script>", "")]
    [InlineData(null, "")]
    public void A_browser_is_known_by_its_kind_alone(string? agent, string words) => Assert.Equal(words, BrowserWords.Of(agent));
}

using System.Net;
using Quartier.Gateway.Domain.Registry;
using Xunit;

namespace Quartier.Tests.Gateway.Live;

/// <summary>Fragments as open pages fetch them.</summary>
public sealed class LiveAnswerTests(GatewayUnderTest gateway) : IClassFixture<GatewayUnderTest>
{
    [Fact]
    public async Task The_board_of_two_hundred_pods_answers_one_report_with_one_card()
    {
        gateway.Database.Write(db =>
        {
            for (var pod = 0; pod < 200; pod++)
            {
                RegistryTable.Add(db, Device.New($"70b3d57ed00{pod:x5}", DeviceKind.Shelter, $"Nest {pod:000}", "Hof", "Eselsberg", gateway.Time.Now));
            }
        });
        var street = await gateway.LogIn("street");
        var page = await street.GetStringAsync("/board");
        var seen = page.Split("data-seen=\"")[1].Split('"')[0];
        Assert.Equal(HttpStatusCode.NoContent, (await Fetch(street, "/board/pods", "Live-Seen", seen)).StatusCode);

        gateway.Database.Write(db => RegistryTable.Add(db, Device.New("70b3d57ed0000007", DeviceKind.Shelter, "Nest 007", "Garten", "Eselsberg", gateway.Time.Now)));
        var answer = await Fetch(street, "/board/pods", "Live-Seen", seen);
        var body = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.Headers.Contains("Live-Change"));
        Assert.StartsWith("<li data-part=\"70b3d57ed0000007\">", body, StringComparison.Ordinal);
        Assert.Contains("Garten", body, StringComparison.Ordinal);
        Assert.InRange(body.Length, 1, 3_000);
        Assert.True(page.Length > 30 * body.Length);
    }

    /// <summary>What is rendered once for all must hold no one's form token.</summary>
    [Fact]
    public async Task The_board_that_all_share_has_no_form()
    {
        var street = await gateway.LogIn("street");
        Assert.DoesNotContain("<form", await street.GetStringAsync("/board/pods"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fragment_that_is_as_the_page_has_it_is_not_sent_again()
    {
        var editor = await gateway.LogIn("editor");
        var first = await Fetch(editor, "/offers/list", "Live-Hash", "");
        var hash = first.Headers.GetValues("Live-Hash").Single();
        Assert.True((await first.Content.ReadAsStringAsync()).Length > 100);

        var again = await Fetch(editor, "/offers/list", "Live-Hash", hash);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, (await Fetch(editor, "/offers/list?show=all", "Live-Hash", hash)).StatusCode);
    }

    [Fact]
    public async Task Nobody_hears_by_a_hash_what_they_may_not_see()
    {
        var editor = await gateway.LogIn("editor");
        var answer = await Fetch(editor, "/now/list", "Live-Hash", "");
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Live-Hash"));
    }

    private static Task<HttpResponseMessage> Fetch(HttpClient browser, string path, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        return browser.SendAsync(request);
    }
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Quartier.Tests.Browser;

/// <summary>That a page has got somewhere. Playwright's own wait for an address also waits for the load event, and misses the one that fires
/// between its look and its wait; both are asked for here until they hold.</summary>
internal static class Arrivals
{
    /// <param name="path">The end of the address, for example /now.</param>
    public static async Task Arrives(this IPage page, string path)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(path) + "$"));
        await page.IsLoaded();
    }

    /// <param name="path">Nowhere in the address any more.</param>
    public static async Task Leaves(this IPage page, string path)
    {
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex(Regex.Escape(path)));
        await page.IsLoaded();
    }

    private static Task IsLoaded(this IPage page) => page.WaitForFunctionAsync("() => document.readyState === 'complete'");
}

#nullable enable
using System.Reflection;
using nanoFramework.TestFramework;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Device;

/// <summary>Runs the device's own test classes on the desktop, each method as one test.</summary>
public sealed class DeviceSuites
{
    public static TheoryData<string, string> Methods()
    {
        var rows = new TheoryData<string, string>();
        foreach (var suite in typeof(DeviceSuites).Assembly.GetTypes().Where(type => type.GetCustomAttribute<TestClassAttribute>() is not null))
        {
            foreach (var method in suite.GetMethods().Where(method => method.GetCustomAttribute<TestMethodAttribute>() is not null))
            {
                rows.Add(suite.Name, method.Name);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void On_the_desktop(string suite, string method)
    {
        var type = typeof(DeviceSuites).Assembly.GetTypes().Single(type => type.Name == suite);
        var failure = Record.Exception(() => type.GetMethod(method)!.Invoke(Activator.CreateInstance(type), null));
        Xunit.Assert.True(failure is null, failure?.InnerException?.Message);
    }

    [Fact]
    public void Every_font_has_the_identifier_that_the_resource_generator_gives_it()
    {
        var accessor = File.ReadAllText(Checkout.PathTo("firmware", "device", "kiosk", "Resource.Designer.cs"));
        var files = Directory.GetFiles(Checkout.PathTo("firmware", "screen", "fonts"), "*.tinyfnt");
        Xunit.Assert.NotEmpty(files);
        foreach (var name in files.Select(file => Path.GetFileNameWithoutExtension(file)!))
        {
            Xunit.Assert.Contains($" {name} = {IdentifierOf(name)},", accessor, StringComparison.Ordinal);
            Xunit.Assert.Contains($"{name}.tinyfnt", File.ReadAllText(Checkout.PathTo("firmware", "device", "kiosk", "Resource.resx")), StringComparison.Ordinal);
        }
    }

    /// <summary>Two interleaved 33-multiplier hashes folded into 16 bits, as the platform's build tools number resources by name.</summary>
    private static short IdentifierOf(string name)
    {
        int[] halves = [(5381 << 16) + 5381, (5381 << 16) + 5381];
        for (var i = 0; i < name.Length; i++)
        {
            halves[i % 2] = ((halves[i % 2] << 5) + halves[i % 2]) ^ name[i];
        }

        var hash = halves[0] + (halves[1] * 1566083941);
        return (short)((short)(hash >> 16) ^ (short)hash);
    }
}
